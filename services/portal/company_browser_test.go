package portal_test

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"jalon.dev/services/portal"
	"jalon.dev/services/portal/internal/portaltest"
)

// realCompany starts a certified provider, a program of its own, for the installation at an address. It returns its issuer.
func realCompany(t *testing.T, clientID, secret, jalon string) string {
	t.Helper()
	program := exec.CommandContext(t.Context(), "node", filepath.Join("web", "test", "company.mjs"), clientID, secret, jalon)
	program.Stderr = t.Output()
	input, err := program.StdinPipe()
	require.NoError(t, err)
	output, err := program.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, program.Start())
	t.Cleanup(func() {
		_ = input.Close() // it ends with its input
		_ = program.Wait()
	})
	issuer, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err, "the provider did not start: run scripts/assets.sh")
	return strings.TrimSpace(issuer)
}

// A browser goes the whole way through the pages of a real provider, and follows Jalon's policy where a test's client does not.
func TestABrowserEntersAndLeavesWithTheCompanysAccount(t *testing.T) {
	page := openBrowser(t)
	var issuer string
	site := portaltest.Start(t, func(cfg *portal.Config) {
		cfg.Demo = nil
		cfg.SignIn = portal.SignIn{ClientID: "jalon", ClientSecret: "a secret of the test", Claim: "email"}
		issuer = realCompany(t, cfg.SignIn.ClientID, cfg.SignIn.ClientSecret, cfg.PublicURL)
		cfg.SignIn.Issuer = issuer
	})
	folder := os.Getenv("PORTAL_SCREENSHOTS")
	look := func(name string) {
		if folder == "" {
			return
		}
		picture, err := chromedp.Run(page, chromedp.FullScreenshot(100))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+".png"), picture, 0o600))
	}
	reaches := func(prefix string) {
		t.Helper()
		require.Eventually(t, func() bool {
			address, err := chromedp.Run(page, chromedp.Evaluate[string]("location.href"))
			return err == nil && strings.HasPrefix(address, prefix)
		}, 30*time.Second, 50*time.Millisecond, prefix)
	}
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/signin"), chromedp.WaitReady(chromedp.CSS("main"))))
	look("company-signin")
	require.NoError(t, chromedp.Do(page, chromedp.Click(chromedp.CSS(`a[href="/signin/company"]`))))
	reaches(issuer + "/interaction/")
	require.NoError(t, chromedp.Do(page,
		chromedp.SendKeys(chromedp.CSS("[name=login]"), "Lea.Moreau@exemple-sport.fr"),
		chromedp.SendKeys(chromedp.CSS("[name=password]"), "whatever"),
		chromedp.Click(chromedp.CSS("[type=submit]")),
		chromedp.WaitReady(chromedp.CSS("[name=prompt][value=consent]")),
		chromedp.Click(chromedp.CSS("[type=submit]"))))
	reaches(site.URL + "/")
	require.NoError(t, chromedp.Do(page,
		chromedp.WaitVisible(chromedp.CSS(`details.me summary`)),
		chromedp.Click(chromedp.CSS(`details.me summary`)),
		chromedp.WaitVisible(chromedp.CSS(`form[action="/signout"] button`))))
	look("company-menu")
	name, err := chromedp.Run(page, chromedp.Evaluate[string](`document.querySelector("details.me summary").textContent`))
	require.NoError(t, err)
	require.Contains(t, name, "Léa Moreau")

	// By the keyboard: on a busy machine the menu may still be opening, and a click at where the button was goes beside it.
	require.NoError(t, chromedp.Do(page, chromedp.SendKeys(chromedp.CSS(`form[action="/signout"] button`), "\r")))
	reaches(issuer + "/session/end")
	require.NoError(t, chromedp.Do(page, chromedp.Click(chromedp.CSS("button[name=logout]"))))
	reaches(site.URL + "/signin")
	require.NoError(t, chromedp.Do(page, chromedp.Navigate(site.URL+"/preferences")))
	reaches(site.URL + "/signin")
}
