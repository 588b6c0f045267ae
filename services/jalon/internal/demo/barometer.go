package demo

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"golang.org/x/sync/errgroup"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	barometerv1 "jalon.dev/proto/gen/jalon/barometer/v1"
	"jalon.dev/services/jalon/internal/voter"
)

// The sample company tries the barometer out soon after it begins with Jalon, and holds it for good eight weeks later, so that there is
// something to compare. Days are since the beginning.
var editions = []struct {
	name            string
	saved, from, to int
	takePart        uint32 // of ten
}{
	{"pilote", 3, 7, 15, 5},
	{"", 60, 64, 77, 7}, // named after its year
}

// barometer lives the editions of the sample company.
type barometer struct {
	moods *rand.Rand
	ids   map[string]string // people's, by number
}

// live does what happens on the n-th day: HR launches an edition, colleagues vote.
func (b *barometer) live(ctx context.Context, w World, company *Company, n int, day clock.Date) error {
	for i, e := range editions {
		switch {
		case n == e.saved:
			if err := launch(ctx, w, e.name, day.AddDays(e.from-n), day.AddDays(e.to-n)); err != nil {
				return fmt.Errorf("launching the barometer: %w", err)
			}
		case n >= e.from && n <= e.to:
			if err := b.vote(ctx, w, company, i, n); err != nil {
				return fmt.Errorf("voting in the barometer: %w", err)
			}
		}
	}
	return nil
}

func launch(ctx context.Context, w World, name string, from, to clock.Date) error {
	if name == "" {
		name = fmt.Sprint(from.Year)
	}
	hr := identity.NewContext(ctx, identity.Actor{Roles: []identity.Role{identity.HR}})
	saved, err := w.Peers.Barometer().SaveEdition(hr, &barometerv1.SaveEditionRequest{Name: name, OpensOn: from.String(), ClosesOn: to.String()})
	if err != nil {
		return err
	}
	_, err = w.Peers.Barometer().LaunchEdition(hr, &barometerv1.LaunchEditionRequest{
		EditionId: saved.GetEdition().GetId(), Version: saved.GetEdition().GetVersion(),
	})
	if err != nil {
		return err
	}
	return w.Settle(ctx)
}

// vote has those vote who chose the n-th day.
func (b *barometer) vote(ctx context.Context, w World, company *Company, edition, n int) error {
	together, ctx := errgroup.WithContext(ctx)
	together.SetLimit(atOnce)
	days := uint32(editions[edition].to - editions[edition].from + 1)
	for _, e := range company.people {
		takesPart := hash(e.number, edition)%10 < editions[edition].takePart
		if !takesPart || hash(e.number, edition+7)%days != uint32(n-editions[edition].from) || !e.left.IsZero() {
			continue
		}
		id, err := b.id(ctx, w, e)
		if err != nil {
			return errors.Join(err, together.Wait())
		}
		answers, comments := b.opinion(e, edition)
		together.Go(func() error {
			token, err := voter.Take(ctx, w.Peers, id)
			if errors.Is(err, voter.ErrNothing) {
				return nil // was not there at the launch, or voted before the demo was stopped
			}
			if err != nil {
				return err
			}
			return token.Cast(ctx, w.Peers, answers, comments...)
		})
	}
	return together.Wait()
}

func (b *barometer) id(ctx context.Context, w World, e *employee) (string, error) {
	if id, ok := b.ids[e.number]; ok {
		return id, nil
	}
	card, err := find(ctx, w, e.number)
	if err != nil {
		return "", err
	}
	b.ids[e.number] = card.GetId()
	return card.GetId(), nil
}

// hash is a number that somebody, or a store, always has.
func hash(number string, salt int) uint32 {
	h := uint32(2166136261 + salt)
	for _, c := range number {
		h = (h ^ uint32(c)) * 16777619
	}
	return h >> 8
}

const themes = 7

// questionsOf is how many statements each theme has.
var questionsOf = [themes]int{7, 6, 7, 7, 6, 6, 6}

// Themes that customers feel something of.
const developmentTheme, settingTheme, pleasureTheme = 2, 5, 6

// mood is a store's own on a theme, from about −1 to 1; on some it is another by the second edition.
func mood(store string, theme, edition int) float64 {
	mood := float64(hash(store, theme)%100)/100 - 0.35
	if moved := hash(store, theme+20) % 6; edition > 0 && moved < 2 {
		mood += []float64{-0.7, 0.6}[moved]
	}
	return mood
}

// opinion is what somebody of a store thinks.
func (b *barometer) opinion(e *employee, edition int) (answers []byte, comments []voter.Comment) {
	own := b.moods.NormFloat64() * 0.5
	var recommend float64
	for theme, n := range questionsOf {
		mood := mood(e.store, theme, edition)
		for range n {
			answers = append(answers, point(3.4+mood+own+b.moods.NormFloat64()*0.8))
		}
		recommend += mood + own
	}
	answers = append(answers, byte(min(10, max(0, int(7.2+recommend/themes*2.2+b.moods.NormFloat64()*1.3)))))
	if b.moods.IntN(6) == 0 {
		said := pick(b.moods, opinions)
		comments = append(comments, voter.Comment{Theme: said.theme, Text: said.text})
	}
	return answers, comments
}

func point(x float64) byte { return byte(min(5, max(1, int(x+0.5)))) }

var opinions = []struct{ theme, text string }{
	{"project", "On nous a présenté le projet, mais pas ce que cela change pour le rayon."},
	{"project", "Enfin un cap clair."},
	{"responsibilities", "Je peux faire un geste pour un client sans demander, c'est précieux."},
	{"responsibilities", "Trop de validations pour de petites choses."},
	{"development", "La formation atelier m'a vraiment servi."},
	{"development", "Je ne vois pas ce que je peux devenir ici."},
	{"director", "Toujours disponible, même le samedi."},
	{"director", "J'aimerais savoir quand un travail est bien fait."},
	{"pay", "La prime n'est pas lisible."},
	{"pay", "Le treizième mois compte beaucoup pour moi."},
	{"setting", "La réserve est glaciale en hiver."},
	{"setting", "Les horaires connus trois semaines avant, merci !"},
	{"pleasure", "Une équipe soudée, on rit beaucoup."},
	{"pleasure", "Certains jours, le cœur n'y est plus."},
}
