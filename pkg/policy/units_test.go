package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The units of this test: the north with its store, and the south.
const company, north, northStore, south = "company", "north", "north-store", "south"

var localActors = []struct {
	name  string
	actor Actor
}{
	{"hr of the north", Actor{PersonID: ada, Grants: []Grant{{Role: LocalHR, Unit: north}}}},
	{"director of the north's store", Actor{PersonID: ada, Grants: []Grant{{Role: Director, Unit: northStore}}}},
}

// The letters of a cell, in this order; "-" where it is refused. Nobody here is Ada or reports to her.
var places = []struct {
	letter string
	path   []string
}{
	{"s", []string{company, north, northStore}}, // somebody of the north's store
	{"n", []string{company, north}},             // somebody of the north beside its stores
	{"o", []string{company, south}},             // somebody of the south
	{"c", []string{company}},                    // the whole company
	{"x", nil},                                  // nobody in particular, or no unit known
}

const (
	nowhere   = "-----"
	anywhere  = "snocx"
	inNorth   = "sn---"
	inStore   = "s----"
	localPage = anywhere // the page opens; the services behind it narrow or refuse
)

// local writes out every route on which a role over units opens something; every other route gives such a role nothing that
// an employee has not.
var local = map[string]struct{ hrOfNorth, director string }{
	"/jalon.directory.v1.DirectoryService/BatchGetPeople":          {inNorth, nowhere},
	"/jalon.directory.v1.DirectoryService/GetHistory":              {inNorth, nowhere},
	"/jalon.directory.v1.DirectoryService/GetReportingLine":        {inNorth, nowhere},
	"/jalon.directory.v1.DirectoryService/ListPeople":              {inNorth, nowhere},
	"/jalon.directory.v1.DirectoryService/ListUnits":               {inNorth, inStore},
	"/jalon.interviews.v1.InterviewsService/GetNextTalk":           {inNorth, nowhere},
	"/jalon.interviews.v1.InterviewsService/ListTalks":             {inNorth, nowhere},
	"/jalon.interviews.v1.InterviewsService/GetBoard":              {inNorth, inStore},
	"/jalon.moments.v1.MomentsService/CancelMoment":                {inNorth, nowhere},
	"/jalon.moments.v1.MomentsService/DeclareMoment":               {inNorth, nowhere},
	"/jalon.moments.v1.MomentsService/GetMoment":                   {inNorth, inStore},
	"/jalon.moments.v1.MomentsService/GetResults":                  {inNorth, inStore},
	"/jalon.moments.v1.MomentsService/ListMoments":                 {inNorth, inStore},
	"/jalon.notifications.v1.NotificationsService/ExplainMessages": {inNorth, nowhere},

	"/jalon.moments.v1.GuestsService/DeclareGuestMoment":    {inNorth, nowhere},
	"/jalon.moments.v1.GuestsService/CreateGuestLink":       {inNorth, nowhere},
	"/jalon.moments.v1.ContactsService/ListContactRequests": {inNorth, nowhere},
	"/jalon.moments.v1.ContactsService/MarkContactRequest":  {inNorth, nowhere},

	"GET /hr/guests":             {localPage, nowhere},
	"POST /hr/guests":            {localPage, nowhere},
	"POST /hr/moments/{id}/link": {localPage, nowhere},
	"GET /hr/contacts":           {localPage, nowhere},
	"POST /hr/contacts/{id}":     {localPage, nowhere},
	"GET /hr/codes":              {localPage, nowhere},
	"POST /hr/codes":             {localPage, nowhere},

	"/jalon.barometer.v1.ResultsService/ListPublications": {localPage, localPage},
	"/jalon.barometer.v1.ResultsService/GetResults":       {inNorth, inStore},
	"/jalon.barometer.v1.CustomersService/GetCustomers":   {inNorth, inStore},
	"/jalon.barometer.v1.CustomersService/GetCrossing":    {inNorth, inStore},
	"/jalon.barometer.v1.CustomersService/ListBenchmarks": {localPage, localPage},
	"GET /barometer/results/customers":                    {localPage, localPage},
	"GET /barometer/results":                              {localPage, localPage},
	"GET /barometer/results.csv":                          {localPage, localPage},
	"GET /barometer/trust":                                {localPage, localPage},
	"GET /barometer/results.xlsx":                         {localPage, localPage},

	"GET /hr":              {localPage, localPage},
	"GET /hr/moments":      {localPage, localPage},
	"GET /hr/moments/{id}": {localPage, localPage},
	"GET /hr/people":       {localPage, nowhere},

	"GET /hr/catalogue":                 {localPage, nowhere},
	"GET /hr/catalogue/{code}":          {localPage, nowhere},
	"POST /hr/catalogue/{code}/declare": {localPage, nowhere},
	"POST /hr/moments/{id}/cancel":      {localPage, nowhere},

	"GET /hr/people/{id}":     {localPage, nowhere},
	"GET /hr/people/{id}/why": {localPage, nowhere},
	"GET /hr/results":         {localPage, localPage},
	"GET /hr/results.csv":     {localPage, localPage},
	"GET /hr/rhythm":          {localPage, localPage},
	"POST /hr/people":         {localPage, nowhere},
}

func TestRolesOverUnitsReachWhatIsWrittenHereAndNothingElse(t *testing.T) {
	for route := range local {
		require.Contains(t, table, route, "a route that the table does not know")
	}
	for _, route := range Routes() {
		expected := []string{local[route].hrOfNorth, local[route].director}
		for i, a := range localActors {
			var cell, plain strings.Builder
			for _, p := range places {
				subject := Subject{PersonID: eve, ManagerID: boss, UnitPath: p.path}
				cell.WriteString(letter(p.letter, Allow(a.actor, route, subject)))
				plain.WriteString(letter(p.letter, Allow(Actor{PersonID: ada}, route, subject)))
			}
			want := expected[i]
			if want == "" {
				want = plain.String()
			}
			require.Equal(t, want, cell.String(), "%s as %s", route, a.name)
			if strings.ContainsAny(cell.String(), "snocx") {
				require.NoError(t, AllowRole(a.actor, route), "%s as %s: the early refusal refuses what would be allowed", route, a.name)
			}
		}
	}
}

func letter(of string, err error) string {
	if err != nil {
		return "-"
	}
	return of
}

func TestAListIsNarrowedToTheUnitsThatTheActorWasGranted(t *testing.T) {
	const route = "/jalon.directory.v1.DirectoryService/ListPeople"
	units, err := Within(Actor{Roles: []Role{HR}}, route, Subject{})
	require.NoError(t, err)
	require.Nil(t, units, "HR of the company sees all")

	both := Actor{PersonID: ada, Grants: []Grant{over(LocalHR, south), over(LocalHR, north), over(Director, "elsewhere")}}
	units, err = Within(both, route, Subject{})
	require.NoError(t, err)
	require.Equal(t, []string{north, south}, units, "and nothing that another role was granted over")

	units, err = Within(both, route, Subject{ManagerID: ada})
	require.NoError(t, err)
	require.Nil(t, units, "one's own team is one's own, wherever it works")

	_, err = Within(Actor{PersonID: ada}, route, Subject{})
	require.ErrorIs(t, err, ErrDenied)
	_, err = Within(Actor{}, route, Subject{})
	require.ErrorIs(t, err, ErrSignInFirst)
}

func TestARoleIsNotWidenedByHowItIsHeld(t *testing.T) {
	overAUnit := Actor{PersonID: ada, Grants: []Grant{over(HR, north), over(Operator, north), over(Integration, north), over(Service, north)}}
	everywhere := Actor{PersonID: ada, Roles: []Role{LocalHR, Director}}
	for _, route := range Routes() {
		for _, p := range places {
			subject := Subject{PersonID: eve, UnitPath: p.path}
			plain := Allow(Actor{PersonID: ada}, route, subject) == nil
			require.Equal(t, plain, Allow(overAUnit, route, subject) == nil, "HR over a unit is no HR: %s", route)
			if strings.HasPrefix(route, "/") {
				require.Equal(t, plain, Allow(everywhere, route, subject) == nil, "HR of nowhere sees nobody: %s", route)
			}
		}
	}
}

// Whatever the grants: nobody reaches a unit that lies below none of theirs.
func TestNobodyReachesAUnitBesideTheirOwn(t *testing.T) {
	unit := rapid.SampledFrom([]string{"a", "b", "c", "d", "e"})
	rapid.Check(t, func(t *rapid.T) {
		actor := Actor{PersonID: ada}
		for _, u := range rapid.SliceOfN(unit, 0, 3).Draw(t, "granted") {
			actor.Grants = append(actor.Grants, over(rapid.SampledFrom([]Role{LocalHR, Director}).Draw(t, "role"), u))
		}
		path := rapid.SliceOfNDistinct(unit, 0, 4, rapid.ID).Draw(t, "path")
		route := rapid.SampledFrom([]string{
			"/jalon.moments.v1.MomentsService/GetResults", "/jalon.directory.v1.DirectoryService/BatchGetPeople",
		}).Draw(t, "route")
		below := slices.ContainsFunc(actor.Grants, func(g Grant) bool {
			return table[route][g.Role] == Units && slices.Contains(path, g.Unit)
		})
		allowed := Allow(actor, route, Subject{PersonID: eve, ManagerID: boss, UnitPath: path}) == nil
		if allowed != below {
			t.Fatalf("%v on %v at %s: allowed %v", actor.Grants, path, route, allowed)
		}
	})
}

func over(role Role, unit string) Grant { return Grant{Role: role, Unit: unit} }
