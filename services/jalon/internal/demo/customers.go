package demo

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
)

// The sample company asks customersAsked customers in each store every four months. HR brings what it has of before soon after it begins
// with Jalon, and the next wave once the second barometer is over. Days are since the beginning.
const (
	customersAsked = 200
	panelBegins    = 5
	panelGoesOn    = 80
)

// liveCustomers hands in the waves of the n-th day.
func liveCustomers(ctx context.Context, w World, company *Company, n int, day clock.Date) error {
	// The last wave is that of the four months in which the second barometer ends.
	last := third(day.AddDays(editions[1].to - n))
	var waves []int
	switch n {
	case panelBegins:
		waves = []int{last - 2, last - 1}
	case panelGoesOn:
		waves = []int{last}
	}
	for _, wave := range waves {
		name := fmt.Sprintf("%d-%d", wave/3, wave%3+1)
		answer, err := w.Peers.Customers().ImportCustomers(identity.AsOperator(ctx), &barometerv1.ImportCustomersRequest{
			File: panel(company.stores, name, n/panelGoesOn), FileName: "panel-" + name + ".csv",
		})
		if err != nil {
			return fmt.Errorf("importing customers: %w", err)
		}
		if report := answer.GetReport(); report.GetOutcome() != barometerv1.CustomersReport_OUTCOME_APPLIED {
			return fmt.Errorf("the customers of wave %s were refused: %d lines rejected", name, report.GetRejected())
		}
	}
	return nil
}

// third counts the thirds of years, so that one more is the next.
func third(day clock.Date) int { return day.Year*3 + (int(day.Month)-1)/4 }

// panel is the file of a wave. Customers feel something of the mood in a store: of its pleasure in the welcome, of its development in
// the competence, of its setting in the availability. Of pay they feel nothing, and each store has customers of its own kind.
func panel(stores []string, wave string, edition int) []byte {
	var out strings.Builder
	file := csv.NewWriter(&out)
	file.Comma = ';'
	rows := [][]string{{"Vague", "Magasin", "N° répondant", "Satisfaction globale", "Accueil", "Disponibilité", "Compétence", "Recommandation (0 à 10)"}}
	random := rand.New(rand.NewPCG(seed, uint64(hash(wave, 0))))
	for s, store := range stores {
		kind := float64(hash(store, 40)%100)/100 - 0.5
		pleasure, development, setting := mood(store, pleasureTheme, edition), mood(store, developmentTheme, edition), mood(store, settingTheme, edition)
		for c := range customersAsked {
			own := kind*0.4 + random.NormFloat64()*0.6
			felt := func(of float64) float64 { return 3.5 + of*0.6 + own + random.NormFloat64()*0.6 }
			whole := (pleasure + development + setting) / 3
			recommend := min(10, max(0, int(7.6+whole*1.6+own*1.5+random.NormFloat64())))
			rows = append(rows, []string{
				wave, store, fmt.Sprintf("%s-%02d-%03d", wave, s, c),
				rating(felt(whole)), rating(felt(pleasure)), rating(felt(setting)), rating(felt(development)), strconv.Itoa(recommend),
			})
		}
	}
	_ = file.WriteAll(rows) // a strings.Builder takes everything
	return []byte(out.String())
}

func rating(x float64) string { return strconv.Itoa(int(point(x))) }
