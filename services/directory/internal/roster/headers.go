package roster

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
	AwayFrom
	AwayUntil
	Status
	PromotedOn
	ChangeReason
	EffectiveOn
)

// column gives the headers by which a field is known. Case, accents and punctuation do not count, nor does what stands in
// brackets behind. The groups only say whose words they are; the nearer the beginning, the surer: when two columns of a file
// could be the field, the surer one is.
type column struct {
	field    Field
	word     string // stable: screens translate by it
	required bool

	french         []string // what we show first, and what payroll departments write
	english        []string
	lucca          []string
	workday        []string
	successFactors []string // the names of its screens and reports, then of its data files
	bambooHR       []string
	cegid          []string
	// unsure headers are taken only when nothing surer is there and the values agree: see settleUnsure.
	unsure []string
}

func (c column) headers() []string {
	var all []string
	for _, group := range [][]string{c.french, c.english, c.lucca, c.workday, c.successFactors, c.bambooHR, c.cegid} {
		all = append(all, group...)
	}
	return all
}

// columns is everything that is known about headers of files of people.
func columns() []column {
	return []column{
		{
			field: Number, word: "number", required: true,
			french: []string{
				"Matricule", "Matricule salarié", "Numéro matricule", "N° matricule", "Numéro de matricule", "Numéro salarié",
				"N° salarié", "Identifiant salarié", "Identifiant collaborateur", "Numéro d'employé", "N° employé",
			},
			english: []string{
				"Employee ID", "Employee Number", "Employee No", "Employee Code", "Personnel Number", "Personnel No", "Staff ID",
				"Staff Number", "Payroll Number", "employeeNumber",
			},
			lucca:          []string{"Matricule collaborateur", "Numéro d'employé Lucca", "EmployeeNumber", "LegalIdentifier"},
			workday:        []string{"Worker ID", "Employee ID - Worker", "Workday ID"},
			successFactors: []string{"User/Employee ID", "Employee ID (User ID)", "Person ID External", "Person ID", "EMPID", "User ID", "USERID", "ID utilisateur", "Identifiant utilisateur"},
			bambooHR:       []string{"Employee #", "Employee", "Employee Num", "EE ID"},
			cegid:          []string{"Code salarié", "Salarié", "Matricule paie", "PSA_SALARIE", "Matricule RH"},
		},
		{
			field: FamilyName, word: "family_name", required: true,
			french:         []string{"Nom", "Nom de famille", "Nom d'usage", "Nom usuel", "Nom de naissance"},
			english:        []string{"Last Name", "Family Name", "Surname"},
			lucca:          []string{"Nom du collaborateur", "LastName"},
			workday:        []string{"Legal Last Name", "Legal Name - Last Name", "Last Name - Legal", "Preferred Last Name", "Nom de famille légal"},
			successFactors: []string{"Formal Last Name", "LASTNAME", "Nom de famille officiel"},
			bambooHR:       []string{"Employee Last Name"},
			cegid:          []string{"Nom salarié", "Nom patronymique", "PSA_LIBELLE", "Nom marital"},
		},
		{
			field: GivenName, word: "given_name", required: true,
			french:         []string{"Prénom", "Prénom usuel", "Prénoms"},
			english:        []string{"First Name", "Given Name", "Forename"},
			lucca:          []string{"Prénom du collaborateur", "FirstName"},
			workday:        []string{"Legal First Name", "Legal Name - First Name", "First Name - Legal", "Preferred First Name", "Prénom légal"},
			successFactors: []string{"Formal First Name", "FIRSTNAME", "Prénom officiel"},
			bambooHR:       []string{"Employee First Name", "Preferred Name"},
			cegid:          []string{"Prénom salarié", "PSA_PRENOM", "Premier prénom"},
		},
		{
			field: Email, word: "email",
			french: []string{
				"E-mail professionnel", "Adresse e-mail professionnelle", "Courriel professionnel", "Mail professionnel", "E-mail pro",
				"E-mail", "Courriel", "Mail", "Adresse e-mail", "Adresse mail", "Adresse de messagerie",
			},
			english:        []string{"Work Email", "Business Email", "Email", "Email Address", "Work Email Address"},
			lucca:          []string{"Email professionnel", "Adresse email"},
			workday:        []string{"Email - Work", "Primary Work Email", "Email - Primary Work", "Work Contact Email", "E-mail - Professionnel"},
			successFactors: []string{"Business Email Address", "Email Information Email Address", "Email Address (Business)", "Adresse électronique", "Adresse e-mail professionnelle principale"},
			bambooHR:       []string{"Work E-mail", "Employee Work Email"},
			cegid:          []string{"Email bureau", "E-mail bureau", "PSA_EMAILPROF", "Messagerie professionnelle"},
		},
		{
			field: Manager, word: "manager",
			french: []string{
				"Matricule du manager", "Matricule manager", "Matricule du responsable", "Matricule responsable", "Matricule N+1",
				"Matricule du N+1", "Matricule du supérieur",
			},
			english: []string{
				"Manager ID", "Manager Employee ID", "Manager Number", "Manager Employee Number", "Supervisor ID", "Supervisor Number",
				"Reports To ID", "Line Manager ID",
			},
			lucca:          []string{"Manager - Matricule", "Matricule du manager hiérarchique", "Manager (matricule)", "Responsable - Matricule"},
			workday:        []string{"Manager - Employee ID", "Manager's Employee ID", "Worker's Manager ID", "Manager Worker ID", "ID du manager"},
			successFactors: []string{"Manager User Sys ID", "Manager User ID", "Supervisor User ID", "Identifiant du supérieur hiérarchique", "ID utilisateur du responsable"},
			bambooHR:       []string{"Supervisor Employee #", "Supervisor EID", "Reports To Employee #", "Reporting to ID"},
			cegid:          []string{"Code responsable", "Matricule responsable hiérarchique", "Responsable (matricule)", "PSE_RESPONSABS"},
			unsure: []string{
				"Manager", "Responsable", "Responsable hiérarchique", "Supérieur hiérarchique", "Manager direct", "N+1", "Supervisor",
				"Reports To", "Reporting To", "Line Manager", "Direct Manager",
			},
		},
		{
			field: Establishment, word: "unit", required: true,
			french:         []string{"Établissement", "Magasin", "Site", "Lieu de travail", "Libellé établissement", "Point de vente"},
			english:        []string{"Location", "Work Location", "Store", "Site Name", "Establishment"},
			lucca:          []string{"Établissement du contrat", "Nom de l'établissement", "Entité légale - Établissement", "LegalEntity"},
			workday:        []string{"Location Name", "Work Location - Name", "Primary Work Location", "Location - Name", "Lieu de travail principal", "Business Unit"},
			successFactors: []string{"Location Description", "Location (Label)", "Emplacement", "Lieu d'affectation", "Site de travail"},
			bambooHR:       []string{"Job Information: Location", "Office", "Office Location"},
			cegid:          []string{"Libellé de l'établissement", "Nom établissement", "PSA_ETABLISSEMENT", "Code établissement"},
		},
		{
			field: Service, word: "team",
			french:         []string{"Service", "Équipe", "Rayon", "Département", "Libellé service"},
			english:        []string{"Department", "Team"},
			lucca:          []string{"Département du collaborateur", "Service / Département", "Nom du département"},
			workday:        []string{"Supervisory Organization", "Supervisory Org", "Department Name", "Organisation de supervision"},
			successFactors: []string{"Department Description", "Department (Label)", "Department Name (Label)"},
			bambooHR:       []string{"Job Information: Department", "Team Name"},
			cegid:          []string{"Libellé du service", "Service salarié", "PSA_TRAVAILN1", "Unité de travail"},
		},
		{
			field: JobTitle, word: "job_title",
			french:         []string{"Intitulé du poste", "Intitulé de poste", "Poste", "Emploi", "Fonction", "Libellé emploi", "Libellé du poste"},
			english:        []string{"Job Title", "Job", "Position", "Position Title", "Title"},
			lucca:          []string{"Poste occupé", "Qualification", "JobTitle"},
			workday:        []string{"Business Title", "Job Profile", "Job Profile Name", "Intitulé professionnel"},
			successFactors: []string{"Local Job Title", "Job Classification", "Job Title (Label)", "Intitulé de l'emploi"},
			bambooHR:       []string{"Job Information: Job Title"},
			cegid:          []string{"Libellé de l'emploi", "Emploi occupé", "PSA_LIBELLEEMPLOI"},
		},
		{
			field: Contract, word: "contract",
			french:         []string{"Type de contrat", "Contrat", "Nature du contrat", "Nature de contrat"},
			english:        []string{"Contract Type", "Employment Type", "Contract"},
			lucca:          []string{"Contrat - Type", "Type du contrat"},
			workday:        []string{"Worker Type", "Worker Sub-Type", "Employee Type", "Type de travailleur", "Type de collaborateur"},
			successFactors: []string{"Employee Class", "Contract Type (Label)", "Classe d'employé"},
			bambooHR:       []string{"Employment Status", "Employment Status: Status"},
			cegid:          []string{"Libellé type de contrat", "PCI_TYPECONTRAT", "Type contrat"},
		},
		{
			field: HiredOn, word: "hired_on", required: true,
			french: []string{
				"Date d'entrée", "Date d'embauche", "Date entrée", "Date embauche", "Date de début", "Date de début de contrat", "Entrée",
			},
			english:        []string{"Hire Date", "Start Date", "Date of Hire", "Employment Start Date", "Contract Start Date"},
			lucca:          []string{"Date d'entrée dans l'entreprise", "Contrat - Date de début", "Début de contrat", "DtContractStart"},
			workday:        []string{"Most Recent Hire Date", "Worker Start Date", "Latest Hire Date", "Original Hire Date", "Date d'embauche la plus récente"},
			successFactors: []string{"HIREDATE", "Hire Date (Employment)", "Original Start Date", "Date d'embauche (emploi)"},
			bambooHR:       []string{"Employee Hire Date", "Hired"},
			cegid:          []string{"Date d'entrée société", "PSA_DATEENTREE", "Date début contrat", "Entrée le"},
		},
		{
			field: LeftOn, word: "left_on",
			french:         []string{"Date de sortie", "Date de départ", "Date sortie", "Date de fin", "Date de fin de contrat", "Sortie"},
			english:        []string{"Termination Date", "End Date", "Leaving Date", "Employment End Date", "Contract End Date", "Last Day of Work"},
			lucca:          []string{"Date de sortie de l'entreprise", "Contrat - Date de fin", "Fin de contrat", "DtContractEnd"},
			workday:        []string{"Last Day of Employment", "Termination Date - Effective", "Date de fin d'emploi", "Contract End Date (Worker)"},
			successFactors: []string{"Employment Details Termination Date", "Company Exit Date", "Date de résiliation", "Date de cessation"},
			bambooHR:       []string{"Employee Termination Date", "Terminated"},
			cegid:          []string{"Date de sortie société", "PSA_DATESORTIE", "Date fin contrat", "Sortie le"},
		},
		{
			field: Language, word: "language",
			french:         []string{"Langue", "Langue préférée"},
			english:        []string{"Preferred Language", "Language", "Locale"},
			lucca:          []string{"Culture", "Langue de l'interface"},
			workday:        []string{"Preferred Language - Worker", "User Language", "Langue d'affichage"},
			successFactors: []string{"Native Preferred Language", "Default Locale", "DEFAULT_LOCALE", "Langue maternelle préférée"},
			bambooHR:       []string{"Employee Language"},
			cegid:          []string{"Code langue", "PSA_LANGUE"},
		},
		{
			field: TimeZone, word: "time_zone",
			french:         []string{"Fuseau horaire", "Fuseau"},
			english:        []string{"Time Zone"},
			lucca:          []string{"Fuseau horaire du collaborateur"},
			workday:        []string{"Location Time Zone", "Time Zone - Location"},
			successFactors: []string{"TIMEZONE", "Timezone"},
			bambooHR:       []string{"Employee Time Zone"},
			cegid:          []string{"Fuseau horaire salarié"},
		},
		{
			field: AwayFrom, word: "away_from",
			french: []string{
				"Début d'absence longue durée", "Date de début d'absence", "Début d'absence", "Absence du", "Date de début de suspension",
				"Début de suspension",
			},
			english:        []string{"Absence From", "Leave Start Date", "Leave From", "Leave Start", "Absence Start Date"},
			lucca:          []string{"Absence longue durée - Début", "Suspension de contrat - Début"},
			workday:        []string{"First Day of Leave", "Leave of Absence Start Date", "Leave Start Date - Worker", "Premier jour d'absence"},
			successFactors: []string{"Leave of Absence Start", "LOA Start Date", "Date de début du congé"},
			bambooHR:       []string{"Leave of Absence From", "LOA From"},
			cegid:          []string{"Date début absence", "Début suspension contrat"},
		},
		{
			field: AwayUntil, word: "away_until",
			french: []string{
				"Fin d'absence longue durée", "Date de fin d'absence", "Fin d'absence", "Absence au", "Date de fin de suspension",
				"Fin de suspension",
			},
			english:        []string{"Absence To", "Leave End Date", "Leave To", "Leave End", "Absence End Date", "Absence Until"},
			lucca:          []string{"Absence longue durée - Fin", "Suspension de contrat - Fin"},
			workday:        []string{"Actual Last Day of Leave", "Estimated Last Day of Leave", "Last Day of Leave", "Dernier jour d'absence"},
			successFactors: []string{"Leave of Absence End", "LOA End Date", "Date de fin du congé"},
			bambooHR:       []string{"Leave of Absence To", "LOA To"},
			cegid:          []string{"Date fin absence", "Fin suspension contrat"},
		},
		{
			field: Status, word: "status",
			french:         []string{"Situation", "Statut du salarié", "Statut d'activité", "Situation du salarié", "État du contrat"},
			english:        []string{"Employee Status", "Worker Status", "Work Status"},
			lucca:          []string{"Statut du collaborateur"},
			workday:        []string{"Leave Status", "Worker Leave Status"},
			successFactors: []string{"Employee Status (Label)", "Employment Status (Label)", "Statut de l'employé"},
			bambooHR:       []string{"Status"},
			cegid:          []string{"Situation salarié", "Position salarié"},
		},
		{
			field: PromotedOn, word: "promoted_on",
			french:         []string{"Date de promotion", "Date de dernière promotion", "Dernière promotion"},
			english:        []string{"Promotion Date", "Last Promotion Date", "Date of Promotion"},
			lucca:          []string{"Promotion - Date"},
			workday:        []string{"Most Recent Promotion Date", "Date de la dernière promotion"},
			successFactors: []string{"Date of Last Promotion"},
			bambooHR:       []string{"Promoted On"},
			cegid:          []string{"Date promotion"},
		},
		{
			field: ChangeReason, word: "change_reason",
			french:         []string{"Motif du changement", "Motif de changement", "Motif du mouvement", "Motif de mobilité", "Nature du mouvement"},
			english:        []string{"Change Reason", "Reason for Change", "Job Change Reason"},
			lucca:          []string{"Contrat - Motif de l'avenant", "Motif de l'avenant"},
			workday:        []string{"Business Process Reason", "Last Job Change Reason", "Business Process Type", "Motif du processus"},
			successFactors: []string{"Event Reason", "Event Reason (Label)", "Motif de l'événement"},
			bambooHR:       []string{"Job Information: Change Reason", "Compensation Change Reason"},
			cegid:          []string{"Motif avenant"},
		},
		{
			field: EffectiveOn, word: "effective_on",
			french: []string{
				"Date d'effet", "Date effet", "Date de prise d'effet", "Date d'effet du changement", "Date de mutation",
				"Date du mouvement", "Date du changement", "Date d'application",
			},
			english: []string{
				"Effective Date", "Job Effective Date", "Date Effective", "Effective On", "Effective From", "Effective as of", "Change Date",
				"Transfer Date",
			},
			lucca:          []string{"Date d'effet de l'avenant", "Avenant - Date d'effet", "Contrat - Date d'effet", "DtEffect"},
			workday:        []string{"Effective Date - Job Change", "Job Change Effective Date", "Business Process Effective Date", "Position Effective Date", "Date d'entrée en vigueur"},
			successFactors: []string{"Event Date", "Effective Start Date", "Job Information Effective Start Date", "Effective as of Date", "Date de l'événement", "Date de début d'effet"},
			bambooHR:       []string{"Job Information: Date", "Job Information: Effective Date", "Job Information Effective Date"},
			cegid:          []string{"Date avenant", "Date d'effet avenant", "Date effet avenant"},
		},
	}
}
