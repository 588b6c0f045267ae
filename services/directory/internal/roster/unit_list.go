package roster

// The fields of a list of units.
const (
	UnitCode Field = iota
	UnitName
	UnitKind
	UnitParent
	UnitTimeZone
	UnitHolidays
)

func unitColumns() []column {
	return []column{
		{
			field: UnitCode, word: "unit_code", required: true,
			french: []string{"Code", "Code unité", "Code établissement", "Code magasin", "Code site", "Identifiant", "Code organisation"},
			english: []string{
				"Unit Code", "Code", "ID", "Unit ID", "Site Code", "Store Code", "Location ID", "Location Code", "Organization Code",
				"Organization ID", "Department ID", "Reference ID",
			},
			successFactors: []string{"externalCode", "External Code"},
			cegid:          []string{"ET_ETABLISSEMENT"},
		},
		{
			field: UnitName, word: "unit_name", required: true,
			french: []string{
				"Nom", "Libellé", "Nom de l'unité", "Unité", "Établissement", "Magasin", "Site", "Nom du magasin", "Nom du site",
				"Libellé établissement", "Raison sociale",
			},
			english: []string{"Name", "Unit", "Unit Name", "Store", "Store Name", "Site Name", "Location", "Location Name", "Organization", "Organization Name", "Label"},
			cegid:   []string{"ET_LIBELLE"},
		},
		{
			field: UnitKind, word: "unit_kind", required: true,
			french:  []string{"Type", "Type d'unité", "Nature", "Niveau", "Catégorie", "Type d'établissement"},
			english: []string{"Kind", "Unit Type", "Type", "Level", "Category", "Organization Type", "Location Type"},
		},
		{
			field: UnitParent, word: "unit_parent",
			french: []string{
				"Parent", "Code parent", "Unité parente", "Rattachement", "Rattaché à", "Code de rattachement", "Unité supérieure", "Région",
				"Code région",
			},
			english: []string{"Parent", "Parent Code", "Parent ID", "Parent Unit", "Superior", "Superior Organization", "Reports To", "Region", "Region Code"},
		},
		{
			field: UnitTimeZone, word: "unit_time_zone",
			french:  []string{"Fuseau horaire", "Fuseau"},
			english: []string{"Time Zone", "time_zone", "Timezone", "TZ"},
		},
		{
			field: UnitHolidays, word: "unit_holidays",
			french:  []string{"Jours fériés", "Calendrier des jours fériés", "Calendrier", "Calendrier férié", "Fériés"},
			english: []string{"Holidays", "Holiday Calendar", "Public Holidays", "Holiday Schedule", "Calendar"},
		},
	}
}

// UnitList is a file of units that was read.
type UnitList struct {
	table
	Rows     []UnitRow
	Problems []Problem
}

// UnitRow is one line, its values cleaned.
type UnitRow struct {
	Line     int
	Rejected bool
	Code     string
	Name     string
	Kind     string // as written
	Parent   string // a code, or a name
	TimeZone string
	Holidays string
}

// ReadUnits understands a file of units or returns a *RefusalError.
func ReadUnits(file []byte) (*UnitList, error) {
	t, refusal := readTable(file, unitColumns())
	if refusal != nil {
		return nil, refusal
	}
	list := &UnitList{table: t, Rows: make([]UnitRow, len(t.records))}
	for i, rec := range t.records {
		get := func(f Field) string { return list.value(rec, f) }
		row := UnitRow{Line: rec.line, Code: get(UnitCode)}
		if p := list.malformed(rec, row.Code); p != nil {
			row.Rejected = true
			list.Problems = append(list.Problems, *p)
		} else {
			row.Name, row.Kind, row.Parent = get(UnitName), get(UnitKind), get(UnitParent)
			row.TimeZone, row.Holidays = get(UnitTimeZone), get(UnitHolidays)
		}
		list.Rows[i] = row
	}
	list.records = nil
	return list, nil
}
