package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestACampaignComesAgainAWeekLater: HR asks everybody who sells each Monday; a week later, after a night in which nothing ran, they are
// asked once more, by a campaign of its own.
func TestACampaignComesAgainAWeekLater(t *testing.T) {
	t.Parallel()
	const salespeople = 4 * teamSize
	for name, start := range waysOfRunning {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := start(t, monday).ready()
			file := export(t, "october.csv", octoberCompany())
			_, stderr, exit := i.jalon("import", "people", file, "--as-of", "2026-10-01")
			require.Zero(t, exit, stderr)
			signIn := func() *visitor {
				hr := i.stranger()
				status, _ := hr.post(i.signInLink("--name", "Jeanne Martin", "--hr"), nil)
				require.Equal(t, http.StatusOK, status)
				return hr
			}
			hr := signIn()
			at := "/hr/campaigns/" + uuid.NewString()
			form := url.Values{
				"version": {"0"}, "action": {"check"}, "name": {"Vente"}, "kind": {"survey"}, "questionnaire": {"onboarding_day_7.v1"},
				"job": {"Vendeur"}, "on": {"2026-11-02"}, "at": {"10:00"}, "repeat": {"calendar"}, "frequency": {"weekly"}, "every": {"1"},
				"ends": {"never"}, "answer_days": {"6"},
			}
			waitFor(t, "the people to be known", func() error {
				if _, body := hr.post("/hr/campaigns/audience", form); !strings.Contains(body, fmt.Sprintf("%d personnes", salespeople)) {
					return fmt.Errorf("not %d people yet", salespeople)
				}
				return nil
			})
			_, body := hr.post("/hr/campaigns/dates", form)
			for _, told := range []string{"Chaque semaine le lundi, à 10:00", "lundi 9 novembre 2026", "Le lundi matin"} {
				require.Contains(t, body, told)
			}
			_, body = hr.post(at, form)
			require.Contains(t, body, "Avant le lancement", "it is complete")
			status, _ := hr.post(at+"/launch", url.Values{"version": {"2"}})
			require.Equal(t, http.StatusOK, status)
			shows := func(hr *visitor, told ...string) {
				t.Helper()
				waitFor(t, strings.Join(told, ", "), func() error {
					_, body := hr.get(at)
					for _, text := range told {
						if !strings.Contains(body, text) {
							return fmt.Errorf("no %q in %s", text, body)
						}
					}
					return nil
				})
			}
			shows(hr, "N°\u00a01", "En cours")
			seller := i.employee("E0003")
			seller.answer(seller.awaitInvitation())

			i.liveAt(monday.Add(7*24*time.Hour + time.Hour))
			hr = signIn()
			shows(hr, "N°\u00a02", "Terminée")
			i.employee("E0003").awaitInvitation()
			_, plan := hr.get("/hr/campaigns/calendar?month=2026-11")
			require.Equal(t, 3, strings.Count(plan, "à venir"), "three Mondays are left")
		})
	}
}
