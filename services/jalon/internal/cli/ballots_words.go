package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"

	"jalon.dev/services/barometer/inspection"
)

// ballotWords is how the check speaks to a works council.
type ballotWords struct {
	language string
	// title, kept and failed are the first line, the last one, and what is told to whoever looks at the exit code.
	title, kept, failed string
	looked, moving      string // with numbers of editions and documents
	scripts, questions  string
	unseen              string
	documents           string
	promises            map[inspection.Promise]string
	breaches            map[string]string
}

// write says what was seen, promise by promise.
func (w ballotWords) write(out io.Writer, seen ballotReport) error {
	to := bufio.NewWriter(out) // it keeps the first error
	fmt.Fprintf(to, "%s\n"+w.looked+"\n\n", w.title, seen.Editions, seen.Documents)
	for _, f := range seen.Findings {
		mark := "✓"
		if !f.Kept {
			mark = "✗"
		}
		fmt.Fprintf(to, "%s %s\n", mark, w.promises[f.Promise])
		for _, b := range f.Breaches {
			fmt.Fprintf(to, "    %s\n", w.breach(b))
		}
	}
	if seen.Moving {
		fmt.Fprintf(to, "\n%s\n", w.moving)
	}
	fmt.Fprintf(to, "\n%s\n", w.scripts)
	for _, s := range seen.Scripts {
		fmt.Fprintf(to, "  %s  %s\n", s.SHA256, s.Name)
	}
	fmt.Fprintf(to, "%s\n  %s\n\n%s\n", w.questions, seen.Questionnaire, w.unseen)
	if seen.Kept {
		fmt.Fprintf(to, "\n%s\n", w.kept)
	}
	return to.Flush()
}

// breach says where something is not as promised, and what it is.
func (w ballotWords) breach(b inspection.Breach) string {
	var where []string
	if b.Edition != "" {
		where = append(where, b.Edition)
	}
	if b.Collection != "" {
		where = append(where, strings.TrimSuffix(b.Collection+"."+b.Field, "."))
	} else if b.Field != "" {
		where = append(where, b.Field)
	}
	told := strings.Join(append(where, cmp.Or(w.breaches[b.What], b.What)), ": ")
	if b.Documents > 0 {
		told += " (" + w.documents + " " + strconv.Itoa(b.Documents) + ")"
	}
	return told
}

// allBallotWords are the languages in which the check speaks.
var allBallotWords = []ballotWords{
	{
		language:  "en",
		title:     "What this Jalon keeps of the barometer, beside what docs/barometer.md promises",
		looked:    "Looked at: editions %d, documents %d.",
		kept:      "Everything that can be seen from here is as promised.",
		failed:    "not everything is as promised: see the lines with ✗",
		moving:    "An edition is opening, closing or being counted at this moment: its numbers can be compared when that is over. Run this again in a few minutes.",
		scripts:   "Scripts of the pages on which people vote (SHA-256):",
		questions: "Fingerprint of the questions:",
		unseen: "What cannot be seen from here: another script sent to a single person, the log of a proxy in front of Jalon, whoever watches\n" +
			"live, and copies. docs/barometer.md says what remains.",
		documents: "documents:",
		promises: map[inspection.Promise]string{
			inspection.Collections: "Nothing is kept but what is documented, and the database keeps no record of what it is asked.",
			inspection.Fields:      "What is kept of ballots, tokens and results has the documented fields and no others.",
			inspection.Nobody:      "Nothing of it names a person, an e-mail address or a network address.",
			inspection.NoTime:      "Nothing of it tells when, be it by an identifier that holds a time; printed cards alone know the day until which they may be confirmed.",
			inspection.Order:       "Who took a token lies where the launch put them: nothing tells in which order tokens were taken.",
			inspection.Sealed:      "No ballot that waits can be read.",
			inspection.Mixed:       "Ballots are released, and cards printed, ten or more at a time; ballots of a closed edition lie in one batch for each group.",
			inspection.Numbers:     "There are no more ballots than tokens, and none is counted twice.",
			inspection.Cells:       "Each group has one key for all, and at least ten people.",
			inspection.Forgotten:   "Of a closed edition, keys, hashes of tokens and printed cards are gone.",
			promiseIntake:          "Whoever casts a ballot, or has a printed card read, is neither marked nor recognised.",
			promiseMeasures:        "What the server measures of itself says nothing of ballots.",
			promiseScripts:         "The scripts of the pages on which people vote are served byte for byte as they were built into this program.",
		},
		breaches: map[string]string{
			inspection.UnknownCollection: "this collection is not documented", inspection.UnknownField: "this field is not documented",
			inspection.OtherShape: "the field holds something else than is documented", inspection.Person: "it names a person",
			inspection.Address: "it holds an e-mail address or a network address", inspection.Time: "it tells a time",
			inspection.OrderOfIssue: "somebody lies elsewhere than the launch put them", inspection.Profiled: "the database's profiler records every request with its time: turn it off",
			inspection.InClear: "a ballot can be read there", inspection.SmallBatch: "fewer than ten ballots were released together",
			inspection.SeveralBatches: "the ballots of a group lie in several batches", inspection.WrongCount: "a batch says another number than it has",
			inspection.MoreBallotsThanTokens: "there are more ballots than tokens", inspection.ReleasedTwice: "more ballots were released than were cast",
			inspection.OtherResults: "the results count another number of ballots than there are", inspection.SmallCell: "a group has fewer than ten people",
			inspection.WrongKey: "a key is not the one that its fingerprint names", inspection.SharedKey: "two groups share a key",
			inspection.KeyLeft: "a key is still there", inspection.HashLeft: "the hash of a token is still there",
			inspection.CardLeft: "a printed card is still there", inspection.FewCards: "too few cards to draw from",
			seenMark: "the answer bears a mark", seenRecognised: "whoever comes with a session or a trace is answered otherwise",
			seenOtherAnswer: "a ballot that is none is not refused as one", seenMeasured: "a figure counts ballots",
			seenOtherScript:  "another script is served than the one in this program",
			seenScriptAbsent: "the script of this program is not served there: take the program of the same version as the server",
		},
	},
	{
		language:  "fr",
		title:     "Ce que ce Jalon garde du baromètre, à côté de ce que promet docs/barometer.md",
		looked:    "Examiné : éditions %d, documents %d.",
		kept:      "Tout ce qui se voit d’ici est comme promis.",
		failed:    "tout n’est pas comme promis : voir les lignes avec ✗",
		moving:    "Une édition s’ouvre, se clôt ou se dépouille en ce moment : ses nombres pourront être comparés après. Relancez ce contrôle dans quelques minutes.",
		scripts:   "Scripts des pages où l’on vote (SHA-256) :",
		questions: "Empreinte des questions :",
		unseen: "Ce qui ne se voit pas d’ici : un autre script envoyé à une seule personne, le journal d’un relais placé devant Jalon, qui\n" +
			"regarde en direct, et les copies. docs/barometer.md dit ce qui reste.",
		documents: "documents :",
		promises: map[inspection.Promise]string{
			inspection.Collections: "Rien n’est gardé que ce qui est documenté, et la base n’enregistre pas ce qu’on lui demande.",
			inspection.Fields:      "Ce qui est gardé des bulletins, des jetons et des résultats a les champs documentés, et aucun autre.",
			inspection.Nobody:      "Rien n’y nomme une personne, une adresse e-mail ou une adresse du réseau.",
			inspection.NoTime:      "Rien n’y dit quand, fût-ce par un identifiant qui contient une heure ; seules les cartes de vote savent jusqu’à quel jour on peut les confirmer.",
			inspection.Order:       "Qui a pris un jeton se trouve là où le lancement l’a mis : rien ne dit dans quel ordre les jetons ont été pris.",
			inspection.Sealed:      "Aucun bulletin en attente ne peut être lu.",
			inspection.Mixed:       "Les bulletins entrent, et les cartes s’impriment, par dix au moins ; d’une édition close, les bulletins sont en un seul lot par groupe.",
			inspection.Numbers:     "Il n’y a pas plus de bulletins que de jetons, et aucun n’est compté deux fois.",
			inspection.Cells:       "Chaque groupe a une seule clé pour tous, et dix personnes au moins.",
			inspection.Forgotten:   "D’une édition close, les clés, les empreintes des jetons et les cartes de vote ont disparu.",
			promiseIntake:          "Qui dépose un bulletin, ou fait lire une carte de vote, n’est ni marqué ni reconnu.",
			promiseMeasures:        "Ce que le serveur mesure de lui-même ne dit rien des bulletins.",
			promiseScripts:         "Les scripts des pages où l’on vote sont servis octet pour octet tels qu’ils sont dans ce programme.",
		},
		breaches: map[string]string{
			inspection.UnknownCollection: "cette collection n’est pas documentée", inspection.UnknownField: "ce champ n’est pas documenté",
			inspection.OtherShape: "le champ contient autre chose que ce qui est documenté", inspection.Person: "on y nomme une personne",
			inspection.Address: "on y trouve une adresse e-mail ou une adresse du réseau", inspection.Time: "on y lit un moment",
			inspection.OrderOfIssue: "quelqu’un se trouve ailleurs que là où le lancement l’a mis", inspection.Profiled: "le profileur de la base enregistre chaque demande avec son heure : arrêtez-le",
			inspection.InClear: "un bulletin peut y être lu", inspection.SmallBatch: "moins de dix bulletins sont entrés ensemble",
			inspection.SeveralBatches: "les bulletins d’un groupe sont en plusieurs lots", inspection.WrongCount: "un lot annonce un autre nombre que le sien",
			inspection.MoreBallotsThanTokens: "il y a plus de bulletins que de jetons", inspection.ReleasedTwice: "il est entré plus de bulletins qu’il n’en a été déposé",
			inspection.OtherResults: "les résultats comptent un autre nombre de bulletins que ceux qui sont là", inspection.SmallCell: "un groupe a moins de dix personnes",
			inspection.WrongKey: "une clé n’est pas celle que nomme son empreinte", inspection.SharedKey: "deux groupes partagent une clé",
			inspection.KeyLeft: "une clé est encore là", inspection.HashLeft: "l’empreinte d’un jeton est encore là",
			inspection.CardLeft: "une carte de vote est encore là", inspection.FewCards: "trop peu de cartes pour un tirage au sort",
			seenMark: "la réponse porte une marque", seenRecognised: "qui vient avec une session ou une trace reçoit une autre réponse",
			seenOtherAnswer: "un bulletin qui n’en est pas un n’est pas refusé comme tel", seenMeasured: "une mesure compte les bulletins",
			seenOtherScript:  "un autre script est servi que celui de ce programme",
			seenScriptAbsent: "le script de ce programme n’y est pas servi : prenez le programme de la même version que le serveur",
		},
	},
}
