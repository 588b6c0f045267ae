package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	persona   = regexp.MustCompile(`name="person" value="((hr|manager|employee):[^"]+)"`)
	demoToday = regexp.MustCompile(`(?s)class="demo-clock">.*?<span>(.*?)</span>`)
	people    = regexp.MustCompile(`([0-9][0-9\x{a0}\x{202f} ]*) personnes`)
)

// demo starts a sample company in a folder of its own, smaller than usual: three months of 1,250 people are work for minutes. make bench
// lives all of it.
func demo(t *testing.T) *installation {
	t.Helper()
	bin, err := programs()
	require.NoError(t, err)
	i := &installation{t: t, data: t.TempDir()}
	address := fmt.Sprintf("127.0.0.1:%d", freePort(t))
	i.url = "http://" + address
	i.env = []string{"JALON_ADDR=" + address, "JALON_DATA=" + filepath.Join(i.data, "data"), "JALON_LOG_FORMAT=json", "MONGODB_URI=", "NATS_URL="}
	i.add(&process{name: "jalon", path: filepath.Join(bin, "jalon"), args: []string{"demo", "--people", "400"}, env: i.env, url: i.url})
	return i.ready()
}

// threeMonths are a minute of work for two cores, which other tests use at the same time.
const threeMonths = 10 * time.Minute

// lived waits until the sample company's months are lived, and returns whom one may be: by kind.
func (i *installation) lived() map[string]string {
	i.t.Helper()
	personas := map[string]string{}
	waitUpTo(i.t, threeMonths, "three months to be lived", func() error {
		_, body := i.stranger().get("/signin")
		for _, found := range persona.FindAllStringSubmatch(body, -1) {
			personas[found[2]] = found[1]
		}
		if len(personas) == 0 {
			return errors.New("not yet")
		}
		return nil
	})
	return personas
}

// be signs in as somebody of the demo.
func (i *installation) be(who string) *visitor {
	i.t.Helper()
	v := i.stranger()
	status, body := v.post("/signin/demo", url.Values{"person": {who}})
	require.Equal(i.t, http.StatusOK, status, body)
	return v
}

// company is what HR sees of a demo: how many people, and which day it is.
func (v *visitor) company() (size, today string) {
	v.t.Helper()
	status, body := v.get("/hr/people")
	require.Equal(v.t, http.StatusOK, status)
	counted, day := people.FindStringSubmatch(body), demoToday.FindStringSubmatch(body)
	require.NotNil(v.t, counted, body)
	require.NotNil(v.t, day, body)
	return counted[1], day[1]
}

// The sample company lives, its clock moves, and both outlast a restart; and it stays away from real people.
func TestTheDemoLives(t *testing.T) {
	t.Parallel()
	i := demo(t)
	start := time.Now()
	personas := i.lived()
	t.Logf("three months were lived in %s", time.Since(start).Round(time.Second))

	pages := map[string][]string{
		"hr":       {"/hr", "/hr/people", "/hr/moments", "/hr/results", "/hr/barometer", "/hr/import", "/hr/customers", "/hr/benchmarks"},
		"manager":  {"/", "/team"},
		"employee": {"/"},
	}
	for kind, paths := range pages {
		require.Contains(t, personas, kind)
		v := i.be(personas[kind])
		for _, path := range paths {
			status, _ := v.get(path)
			require.Equal(t, http.StatusOK, status, "%s %s", kind, path)
		}
	}
	require.NotEmpty(t, i.be(personas["employee"]).invitations(), "the employee has something to answer")
	_, results := i.be(personas["hr"]).get("/hr/results")
	require.Contains(t, results, "data-chart", "the months left results")

	_, crossing := i.be(personas["hr"]).get("/barometer/results/customers?theme=pleasure&question=welcome")
	require.Contains(t, crossing, "Trop peu de magasins pour le dire", "the smaller company has eight")
	require.Contains(t, crossing, "data-dot=", "which are shown all the same")

	theIntranetShowsPrompts(t, i, personas["employee"])
	aWorksDay(t, i, i.lived())

	hr := i.be(personas["hr"])
	_, before := hr.company()
	status, _ := hr.post("/demo/clock", url.Values{"days": {"1"}, "back": {"/hr"}})
	require.Equal(t, http.StatusOK, status)
	size, after := hr.company()
	require.NotEqual(t, before, after, "a day passed")

	i.process("jalon").stop()
	demoRefuses(t, i)
	i.process("jalon").start()
	i.ready().lived()
	again, today := i.be(personas["hr"]).company()
	require.Equal(t, size, again, "the same company")
	require.Equal(t, after, today, "on the same day")
}

// demoRefuses: a demo, in which anybody may be anybody, runs on its own data and for this machine only.
func demoRefuses(t *testing.T, i *installation) {
	t.Helper()
	for setting, told := range map[string]string{
		"MONGODB_URI=mongodb://127.0.0.1:27017": "unset MONGODB_URI",
		"NATS_URL=nats://127.0.0.1:4222":        "unset NATS_URL",
		"JALON_ADDR=0.0.0.0:0":                  "JALON_ADDR",
	} {
		for _, command := range []string{"demo", "serve"} {
			_, stderr, exit := i.with(setting).jalon(command)
			require.Equal(t, 1, exit, "%s with %s", command, setting)
			require.Contains(t, stderr, told, "%s with %s", command, setting)
			require.Contains(t, stderr, "demo")
		}
	}
}
