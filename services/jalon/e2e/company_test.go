package e2e

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The people of the path, by employee number.
const (
	director = "E0001"
	cashLead = "E0002" // manages the tills of the first store, where the newcomers arrive
	mover    = "E0010"
	leaver   = "E0011"
	newcomer = "E0101" // the first of the hires
)

// marked is a given name as somebody playful, or worse, might enter it.
const marked = "<b>Zoé</b>"

var (
	stores     = []string{"Brest Océane", "Vannes l'Hermine"}
	services   = []string{"Caisse", "Rayon vélo"}
	givenNames = []string{"Éloïse", "Mathéo", "Inès", "Gaël", "Noémie", "François", "Aïcha", "Loïc", "Maëlys", "Jürgen", "Solène", "Théo", "Anaïs"}
	lastNames  = []string{"L'Hostis", "Le Gall", "D'Almeida", "Kervella", "Tanguy", "Guéguen", "O'Brien", "Riou", "Çelik", "Prigent", "Bœuf"}
)

// teamSize is large enough for a team to be a barometer cell of its own.
const teamSize = 14

type employee struct {
	number, given, family, manager, store, service, title string
	hired, left                                           string
	language                                              string // French where none is named
}

// octoberCompany is two stores of two teams each, whose people arrived long ago.
func octoberCompany() []employee {
	company := []employee{{number: director, given: "Morgane", family: "Jaouen", store: stores[0], service: "Direction", title: "Directrice", hired: "04/03/2012"}}
	add := func(e employee) {
		n := len(company)
		e.number, e.hired = fmt.Sprintf("E%04d", n+1), fmt.Sprintf("%02d/%02d/%d", 1+n%28, 1+n%12, 2008+n%16)
		e.given, e.family = givenNames[n%len(givenNames)], lastNames[n%len(lastNames)]
		company = append(company, e)
	}
	for _, store := range stores {
		for _, service := range services {
			lead := fmt.Sprintf("E%04d", len(company)+1)
			add(employee{manager: director, store: store, service: service, title: "Chef de rayon"})
			for range teamSize {
				add(employee{manager: lead, store: store, service: service, title: "Vendeur"})
			}
		}
	}
	return company
}

// hires are as many newcomers at the first store's tills, who begin on the day; the first of them has a marked name.
func hires(count int, day string) []employee {
	var hired []employee
	for n := range count {
		hired = append(hired, employee{
			number: fmt.Sprintf("E%04d", 101+n), given: givenNames[n], family: "Nouveau" + string(rune('A'+n)),
			manager: cashLead, store: stores[0], service: services[0], title: "Hôte de caisse", hired: day,
		})
	}
	hired[0].given, hired[0].family = marked, "L'Hostis"
	return hired
}

// novemberCompany is October's after one month: six hires, one move to the other team, one departure.
func novemberCompany() []employee {
	company := slices.Clone(octoberCompany())
	for i := range company {
		switch company[i].number {
		case mover:
			company[i].service, company[i].manager = services[1], "E0017"
		case leaver:
			company[i].left = "05/11/2026"
		}
	}
	return append(company, hires(6, "02/11/2026")...)
}

// export writes people as an HR system of France does.
func export(tb testing.TB, name string, people []employee) (path string) {
	tb.Helper()
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	records := [][]string{strings.Split("Matricule;Nom;Prénom;E-mail professionnel;Matricule du manager;Établissement;Service;"+
		"Intitulé du poste;Type de contrat;Date d'entrée;Date de sortie;Langue", ";")}
	for _, e := range people {
		records = append(records, []string{
			e.number, e.family, e.given, e.number + "@exemple.fr", e.manager, e.store, e.service, e.title, "CDI", e.hired, e.left, cmp.Or(e.language, "fr"),
		})
	}
	require.NoError(tb, w.WriteAll(records))
	path = filepath.Join(tb.TempDir(), name)
	require.NoError(tb, os.WriteFile(path, out.Bytes(), 0o600))
	return path
}
