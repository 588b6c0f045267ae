package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestACampaignReachesItsAudienceAndNobodyElse: HR asks everybody who sells; they are asked live, one answers, and HR sees the
// figures follow.
func TestACampaignReachesItsAudienceAndNobodyElse(t *testing.T) {
	t.Parallel()
	const salespeople = 4 * teamSize
	for name, start := range waysOfRunning {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := start(t, monday).ready()
			file := export(t, "october.csv", octoberCompany())
			_, stderr, exit := i.jalon("import", "people", file, "--as-of", "2026-10-01")
			require.Zero(t, exit, stderr)
			hr := i.stranger()
			status, _ := hr.post(i.signInLink("--name", "Jeanne Martin", "--hr"), nil)
			require.Equal(t, http.StatusOK, status)

			at := "/hr/campaigns/" + uuid.NewString()
			form := url.Values{
				"version": {"0"}, "action": {"check"}, "name": {"Vente"}, "kind": {"survey"}, "questionnaire": {"onboarding_day_7.v1"},
				"job": {"Vendeur"}, "on": {"2026-11-02"}, "at": {"10:00"}, "until": {"2026-11-16"},
			}
			waitFor(t, "the people to be known", func() error {
				if _, body := hr.post("/hr/campaigns/audience", form); !strings.Contains(body, fmt.Sprintf("%d personnes", salespeople)) {
					return fmt.Errorf("not %d people yet", salespeople)
				}
				return nil
			})
			status, body := hr.post(at, form)
			require.Equal(t, http.StatusOK, status)
			require.Contains(t, body, "Avant le lancement", "it is complete")
			eyes := regexp.MustCompile(at + `/recipients/[0-9a-f-]{36}`).FindString(body)
			_, body = hr.get(eyes)
			require.Contains(t, body, "Ce que verra ")
			_, body = hr.get(eyes + "/prompt")
			require.Contains(t, body, "Les RH ont quelques questions pour vous")
			waitFor(t, "the gate to know them all", func() error {
				if _, body := hr.get(at + "/forecast"); !strings.Contains(body, fmt.Sprintf(`<span class="number">%d personnes`, salespeople)) {
					return fmt.Errorf("the forecast says %s", body)
				}
				return nil
			})
			status, _ = hr.post(at+"/launch", url.Values{"version": {"2"}})
			require.Equal(t, http.StatusOK, status)

			seller := i.employee("E0003")
			seller.answer(seller.awaitInvitation())
			figures := func(told ...string) {
				t.Helper()
				waitFor(t, strings.Join(told, ", "), func() error {
					_, body := hr.get(at + "/figures")
					for _, text := range told {
						if !strings.Contains(body, text) {
							return fmt.Errorf("no %q in %s", text, body)
						}
					}
					return nil
				})
			}
			figures(fmt.Sprintf("%d personnes invitées sur %d", salespeople, salespeople), "Tout le monde a été invité")
			require.Empty(t, i.employee("E0002").invitations(), "whoever leads a team sells nothing")
			status, _ = hr.post(at+"/cancel", nil)
			require.Equal(t, http.StatusOK, status)
			waitFor(t, "the invitations to be taken back", func() error {
				if n := len(i.employee("E0004").invitations()); n > 0 {
					return fmt.Errorf("%d invitations", n)
				}
				return nil
			})
			figures("Annulée")
		})
	}
}
