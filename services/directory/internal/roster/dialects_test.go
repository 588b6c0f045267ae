package roster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"jalon.dev/services/directory/internal/roster"
)

// dialects are headers and a line as the systems export them.
var dialects = map[string]struct {
	file    string
	order   string
	ignored []string
}{
	"Lucca, French": {
		file: "Matricule;Nom;Prénom;Email professionnel;Manager - Matricule;Établissement du contrat;Département;Intitulé de poste;Nature de contrat;Date d'entrée dans l'entreprise;Contrat - Date de fin;Culture;Absence longue durée - Début;Absence longue durée - Fin;Motif de l'avenant;Date de naissance\n" +
			"0042;LEFÈVRE;Zoé;zoe@exemple.fr;0001;Fougères;Vélo;Vendeuse;CDI;05/11/2024;31/12/2026;fr-FR;02/03/2026;30/09/2026;Promotion;01/01/1990\n",
		order: "day_first", ignored: []string{"Date de naissance"},
	},
	"Lucca, API export": {
		file: "EmployeeNumber,LastName,FirstName,Mail,Matricule du manager,LegalEntity,Department,JobTitle,Contrat - Type,DtContractStart,DtContractEnd,Culture,Suspension de contrat - Début,Suspension de contrat - Fin,Motif de changement\n" +
			"0042,LEFÈVRE,Zoé,zoe@exemple.fr,0001,Fougères,Vélo,Vendeuse,CDI,2024-11-05T00:00:00,2026-12-31T00:00:00,fr-FR,2026-03-02T00:00:00,2026-09-30T00:00:00,Promotion\n",
		order: "year_first",
	},
	"Workday, English": {
		file: `"Employee ID","Legal Name - Last Name","Legal Name - First Name","Email - Primary Work","Manager - Employee ID","Location","Supervisory Organization","Business Title","Worker Type","Hire Date","Termination Date","Preferred Language","First Day of Leave","Actual Last Day of Leave","Business Process Reason","Cost Center"` + "\n" +
			`"0042","LEFÈVRE","Zoé","zoe@exemple.fr","0001","Fougères","Vélo","Vendeuse","CDI","11/05/2024","12/31/2026","French","03/02/2026","09/30/2026","Promotion > Promotion > Promotion","4711"` + "\n",
		order: "month_first", ignored: []string{"Cost Center"},
	},
	"Workday, French": {
		file: "Worker ID\tNom de famille légal\tPrénom légal\tE-mail - Professionnel\tID du manager\tLieu de travail principal\tOrganisation de supervision\tIntitulé professionnel\tType de travailleur\tDate d'embauche\tDate de fin d'emploi\tLangue d'affichage\tPremier jour d'absence\tDernier jour d'absence\tMotif du processus\n" +
			"0042\tLEFÈVRE\tZoé\tzoe@exemple.fr\t0001\tFougères\tVélo\tVendeuse\tCDI\t05/11/2024\t31/12/2026\tFrançais\t02/03/2026\t30/09/2026\tPromotion\n",
		order: "day_first",
	},
	"SuccessFactors, report": {
		file: "User/Employee ID,Formal Last Name,Formal First Name,Email Information Email Address,Manager User Sys ID,Location Description,Department (Label),Local Job Title,Employee Class,Hire Date,Employment Details Termination Date,Native Preferred Language,LOA Start Date,LOA End Date,Event Reason,Gender\n" +
			"0042,LEFÈVRE,Zoé,zoe@exemple.fr,0001,Fougères,Vélo,Vendeuse,CDI,05-Nov-2024,31-Dec-2026,fr_FR,02-Mar-2026,30-Sep-2026,Promotion,F\n",
		order: "year_first", ignored: []string{"Gender"},
	},
	"SuccessFactors, data file with two headers": {
		file: "USERID,LASTNAME,FIRSTNAME,EMAIL,MANAGER,LOCATION,DEPARTMENT,TITLE,CONTRACT TYPE,HIREDATE,COMPANY EXIT DATE,DEFAULT_LOCALE,ABSENCE FROM,ABSENCE TO,EVENT REASON\n" +
			"User ID,Last Name,First Name,Email,Manager,Location,Department,Title,Contract Type,Hire Date,Company Exit Date,Default Locale,Absence From,Absence To,Event Reason\n" +
			"0042,LEFÈVRE,Zoé,zoe@exemple.fr,0001,Fougères,Vélo,Vendeuse,CDI,11/05/2024,12/31/2026,fr_FR,03/02/2026,09/30/2026,Promotion\n" +
			"0001,PICARD,Jeanne,,,Fougères,Vélo,Directrice,CDI,11/05/2014,,fr_FR,,,\n",
		order: "month_first",
	},
	"BambooHR": {
		file: `Employee #,Last Name,First Name,Work Email,Supervisor EID,Location,Department,Job Title,Employment Status,Hire Date,Termination Date,Employee Language,LOA From,LOA To,Job Information: Change Reason,Mobile Phone` + "\n" +
			`0042,LEFÈVRE,Zoé,zoe@exemple.fr,0001,Fougères,Vélo,Vendeuse,CDI,"Nov 05, 2024","Dec 31, 2026",French,"Mar 02, 2026","Sep 30, 2026",Promotion,+33` + "\n",
		order: "year_first", ignored: []string{"Mobile Phone"},
	},
	"Cegid": {
		file: "Code salarié;Nom salarié;Prénom salarié;E-mail bureau;Code responsable;Libellé de l'établissement;Libellé du service;Libellé de l'emploi;Libellé type de contrat;Date d'entrée société;Date de sortie société;Code langue;Date début absence;Date fin absence;Motif avenant;N° SS\n" +
			"0042;LEFÈVRE;Zoé;zoe@exemple.fr;0001;Fougères;Vélo;Vendeuse;CDI;05/11/2024;31/12/2026;FR;02/03/2026;30/09/2026;Promotion;1\n",
		order: "day_first", ignored: []string{"N° SS"},
	},
	"Cegid, field names": {
		file: "PSA_SALARIE|PSA_LIBELLE|PSA_PRENOM|PSA_EMAILPROF|PSE_RESPONSABS|PSA_ETABLISSEMENT|PSA_TRAVAILN1|PSA_LIBELLEEMPLOI|PCI_TYPECONTRAT|PSA_DATEENTREE|PSA_DATESORTIE|PSA_LANGUE|Début suspension contrat|Fin suspension contrat|Motif avenant\n" +
			"0042|LEFÈVRE|Zoé|zoe@exemple.fr|0001|Fougères|Vélo|Vendeuse|CDI|20241105|20261231|FR|20260302|20260930|Promotion\n",
		order: "year_first",
	},
}

func TestEverySystemsHeadersAreUnderstood(t *testing.T) {
	for name, c := range dialects {
		t.Run(name, func(t *testing.T) {
			r := read(t, c.file)
			require.Empty(t, r.Problems)
			row := r.Rows[0]
			require.Contains(t, strings.ToLower(row.Language), "fr")
			require.Contains(t, row.Reason, "Promotion")
			row.Line, row.Language, row.Reason = 0, "", ""
			require.Equal(t, roster.Row{
				Number: "0042", FamilyName: "LEFÈVRE", GivenName: "Zoé", Email: "zoe@exemple.fr", Manager: "0001", Unit: "Fougères",
				Team: "Vélo", JobTitle: "Vendeuse", Contract: "CDI", HiredOn: date("2024-11-05"), LeftOn: date("2026-12-31"),
				AwayFrom: date("2026-03-02"), AwayUntil: date("2026-09-30"),
			}, row)
			reading := r.Reading()
			require.Equal(t, c.order, reading.DateOrder)
			var ignored []string
			for _, column := range reading.Columns {
				if column.Field == "" {
					ignored = append(ignored, column.Header)
				}
				require.NotEmpty(t, column.Example, column.Header)
			}
			require.Equal(t, c.ignored, ignored)
		})
	}
}

func TestAColumnThatMayHoldNamesIsTakenForTheManagerOnlyWhenItHoldsNumbers(t *testing.T) {
	const header = "Matricule;Nom;Prénom;Site;Date d'entrée;Responsable hiérarchique\n"
	numbers := read(t, header+"1;A;B;Nantes;2020-01-01;\n2;A;B;Nantes;2020-01-01;1\n3;A;B;Nantes;2020-01-01;1\n")
	require.Equal(t, "1", numbers.Rows[2].Manager)
	names := read(t, header+"1;A;B;Nantes;2020-01-01;\n2;A;B;Nantes;2020-01-01;Jeanne Picard\n")
	require.False(t, names.Has(roster.Manager))
	require.Empty(t, names.Rows[1].Manager)
}

func TestNoHeaderMeansTwoThings(t *testing.T) {
	seen := map[string]string{}
	for _, known := range roster.KnownHeaders() {
		for _, h := range known.Headers {
			require.Empty(t, seen[h], "%q is taken for %s already", h, known.Field)
			seen[h] = known.Field
		}
	}
	require.Greater(t, len(seen), 300)
}
