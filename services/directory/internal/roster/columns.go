package roster

import (
	"strings"
	"unicode"

	"jalon.dev/services/directory/internal/fold"
)

// Field is the meaning of a column.
type Field int

// The fields of a roster.
const (
	Number Field = iota
	FamilyName
	GivenName
	Email
	Manager
	Establishment
	Service
	JobTitle
	Contract
	HiredOn
	LeftOn
	Language
	TimeZone
	fields
)

// column gives the headers by which a field is known: the French form that we show first, then other French and
// English ones. The nearer the beginning, the surer: when two columns could be the field, the surer one is.
type column struct {
	field    Field
	required bool
	headers  []string
}

func columns() []column {
	return []column{
		{Number, true, []string{
			"Matricule", "Matricule salarié", "Numéro matricule", "N° matricule", "Numéro de matricule", "Numéro salarié",
			"Identifiant salarié", "Identifiant collaborateur", "Employee ID", "Employee Number", "Employee No", "Employee Code", "Worker ID",
			"Personnel Number", "Personnel No", "Staff ID", "Staff Number", "Payroll Number", "employeeNumber",
		}},
		{FamilyName, true, []string{
			"Nom", "Nom de famille", "Nom d'usage", "Nom usuel", "Nom de naissance", "Legal Last Name", "Last Name",
			"Family Name", "Surname", "Preferred Last Name",
		}},
		{GivenName, true, []string{
			"Prénom", "Prénom usuel", "Prénoms", "Legal First Name", "First Name", "Given Name", "Forename",
			"Preferred First Name",
		}},
		{Email, false, []string{
			"E-mail professionnel", "Adresse e-mail professionnelle", "Courriel professionnel", "Mail professionnel", "E-mail",
			"Email", "Courriel", "Mail", "Adresse e-mail", "Adresse mail", "Work Email", "Business Email", "Email - Work", "Email Address",
			"Work Email Address",
		}},
		{Manager, false, []string{
			"Matricule du manager", "Matricule manager", "Matricule du responsable", "Matricule responsable", "Matricule N+1",
			"Matricule du N+1", "Manager ID", "Manager Employee ID", "Manager Number", "Manager Employee Number", "Supervisor ID",
			"Reports To ID", "Line Manager ID",
		}},
		{Establishment, true, []string{
			"Établissement", "Magasin", "Site", "Lieu de travail", "Libellé établissement", "Point de vente", "Location",
			"Work Location", "Store", "Site Name", "Business Unit", "Establishment",
		}},
		{Service, false, []string{"Service", "Équipe", "Rayon", "Département", "Libellé service", "Department", "Team", "Supervisory Organization"}},
		{JobTitle, false, []string{
			"Intitulé du poste", "Poste", "Emploi", "Fonction", "Libellé emploi", "Libellé du poste", "Business Title",
			"Job Title", "Job", "Position", "Position Title", "Title",
		}},
		{Contract, false, []string{
			"Type de contrat", "Contrat", "Nature du contrat", "Worker Type", "Contract Type", "Employment Type",
			"Employee Type", "Contract",
		}},
		{HiredOn, true, []string{
			"Date d'entrée", "Date d'embauche", "Date entrée", "Date embauche", "Date de début", "Date de début de contrat",
			"Entrée", "Hire Date", "Start Date", "Date of Hire", "Employment Start Date", "Contract Start Date", "Original Hire Date",
		}},
		{LeftOn, false, []string{
			"Date de sortie", "Date de départ", "Date sortie", "Date de fin", "Date de fin de contrat", "Sortie",
			"Termination Date", "End Date", "Leaving Date", "Employment End Date", "Contract End Date", "Last Day of Work",
		}},
		{Language, false, []string{"Langue", "Langue préférée", "Preferred Language", "Language", "Locale"}},
		{TimeZone, false, []string{"Fuseau horaire", "Fuseau", "Time Zone", "Timezone"}},
	}
}

// headerKey is what remains of a header when punctuation, accents and case do not count.
func headerKey(s string) string {
	return strings.Join(strings.FieldsFunc(fold.Text(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '+'
	}), " ")
}

// layout says at which place of a record each field stands.
type layout struct {
	width  int
	place  [fields]int // -1: the file has no such column
	header [fields]string
	found  int
}

func readHeader(headers []string) layout {
	l := layout{width: len(headers)}
	places := make(map[string]int, len(headers))
	for i, h := range headers {
		if _, twice := places[headerKey(h)]; !twice {
			places[headerKey(h)] = i
		}
	}
	for _, c := range columns() {
		l.place[c.field], l.header[c.field] = -1, c.headers[0]
		for _, h := range c.headers {
			if at, ok := places[headerKey(h)]; ok {
				l.place[c.field], l.header[c.field] = at, Shorten(headers[at])
				l.found++
				break
			}
		}
	}
	return l
}

// missing refuses a header that lacks a required column: it names the columns, what would do, and what was found.
func (l layout) missing(headers []string) *RefusalError {
	var names, forms []string
	for _, c := range columns() {
		if c.required && l.place[c.field] < 0 {
			names = append(names, c.headers[0])
			forms = append(forms, strings.Join(c.headers, ", "))
		}
	}
	if len(names) == 0 {
		return nil
	}
	found := make([]string, len(headers))
	for i, h := range headers {
		found[i] = Shorten(h)
	}
	r := refuse(ColumnMissing, strings.Join(names, ", "), strings.Join(forms, "; "),
		"The header lacks the required column "+strings.Join(names, ", ")+"; it has: "+Shorten(strings.Join(found, ", "))+".")
	r.Problem.Line = 1
	r.Problem.Value = strings.Join(found, ", ")
	if len(r.Problem.Value) > 2000 {
		r.Problem.Value = Shorten(r.Problem.Value)
	}
	return r
}

// french tells whether the header speaks French: dates that could be read both ways are then written day first.
func (l layout) french() bool {
	return headerKey(l.header[HiredOn]) == headerKey("Date d'entrée") || strings.HasPrefix(headerKey(l.header[Number]), "matricule")
}
