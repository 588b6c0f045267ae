package demo

import (
	"math/rand/v2"
	"strconv"

	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
)

// comments are what some people add; French, as most of the sample company speaks.
var comments = []string{
	"L'équipe m'a réservé un très bel accueil, merci.",
	"Mon badge n'est arrivé qu'au bout de quatre jours.",
	"J'aurais aimé voir mon responsable plus tôt dans la semaine.",
	"Le parrainage m'a beaucoup aidée au début.",
	"Les horaires ont changé deux fois la première semaine, c'est fatigant.",
	"J'apprends vite, l'ambiance est bonne.",
	"Je ne sais pas encore très bien ce que l'on attend de moi.",
	"Merci à la réserve pour le tour du magasin !",
	"Un guide des procédures de caisse serait utile.",
	"Je me sens à ma place.",
	"Le casier n'était pas prêt, mais tout le reste l'était.",
	"J'attends la formation atelier promise à l'entretien.",
}

const (
	highestRating = 10
	// talksHeld is the audit's question of how many talks somebody had; its options are numbers.
	talksHeld = "talks_held"
)

// Answers fills a survey in as somebody would: mostly content, now and then not, seldom with a comment. What it answers to a
// question that is not asked, moments leaves out. Whoever is asked how many talks they had counts those that Jalon knows of, and often
// one more.
func Answers(r *rand.Rand, questions []*momentsv1.Question, talks int) []*momentsv1.Answer {
	mood := r.Float64() + r.Float64() // one mood for the whole survey, around 1
	var out []*momentsv1.Answer
	for _, q := range questions {
		a := &momentsv1.Answer{QuestionId: q.GetId()}
		switch q.GetKind() {
		case momentsv1.Question_KIND_EMOTION:
			a.Value = &momentsv1.Answer_OptionId{OptionId: emotion(r, mood, q.GetOptions())}
		case momentsv1.Question_KIND_SCALE:
			a.Value = &momentsv1.Answer_Number{Number: scale(r, mood, q.GetPoints())}
		case momentsv1.Question_KIND_TEXT:
			if r.IntN(3) > 0 {
				continue
			}
			a.Value = &momentsv1.Answer_Text{Text: pick(r, comments)}
		case momentsv1.Question_KIND_RATING:
			a.Value = &momentsv1.Answer_Number{Number: scale(r, mood, highestRating+1) - 1}
		case momentsv1.Question_KIND_SINGLE:
			if q.GetId() == talksHeld {
				a.Value = &momentsv1.Answer_OptionId{OptionId: strconv.Itoa(min(talks+r.IntN(2), len(q.GetOptions())-1))}
				break
			}
			a.Value = &momentsv1.Answer_OptionId{OptionId: pick(r, q.GetOptions()).GetId()}
		case momentsv1.Question_KIND_MULTIPLE:
			a.Value = &momentsv1.Answer_OptionIds{OptionIds: &momentsv1.OptionIds{Ids: some(r, q.GetOptions())}}
		default:
			continue
		}
		out = append(out, a)
	}
	return out
}

// emotion picks among options that a questionnaire lists from the brightest to the darkest.
func emotion(r *rand.Rand, mood float64, options []*momentsv1.Option) string {
	at := int((2 - mood) / 2 * float64(len(options)) * (0.5 + r.Float64()/1.5))
	return options[min(max(at, 0), len(options)-1)].GetId()
}

func scale(r *rand.Rand, mood float64, points int32) int32 {
	value := int32(float64(points)*(0.45+mood*0.35) + r.NormFloat64()*0.7)
	return min(max(value, 1), points)
}

// some are one or two of the options.
func some(r *rand.Rand, options []*momentsv1.Option) []string {
	first := r.IntN(len(options))
	chosen := []string{options[first].GetId()}
	if second := r.IntN(len(options)); second != first {
		chosen = append(chosen, options[second].GetId())
	}
	return chosen
}
