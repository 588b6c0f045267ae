package roster

// Code is a stable word for what is wrong with a line or a file. Screens translate by it: never rename one.
type Code string

// Codes that reject a line.
const (
	NumberMissing   Code = "number_missing"    // the line has no employee number
	NumberSeen      Code = "number_seen"       // an earlier line has the same number
	DateMissing     Code = "date_missing"      // the hire date is empty
	DateImpossible  Code = "date_impossible"   // a date that the calendar does not have, or that is no date
	ColumnsMissing  Code = "columns_missing"   // fewer values than the header has columns
	ColumnsExtra    Code = "columns_extra"     // more values than the header has columns
	QuoteMalformed  Code = "quote_malformed"   // a quotation that does not end, or ends in the middle of a value
	CharacterBroken Code = "character_broken"  // a byte that is no character in the file's encoding
	ValueTooLong    Code = "value_too_long"    // a value that is no name, title or number but a text: a line gone wrong
	LeftBeforeHired Code = "left_before_hired" // the departure precedes the hire
	ManagerCycle    Code = "manager_cycle"     // the line takes part in a cycle of managers
)

// Codes that reject a line of a file of units.
const (
	UnitCodeMissing     Code = "unit_code_missing"     // the line has no code
	UnitCodeSeen        Code = "unit_code_seen"        // an earlier line has the same code
	UnitNameMissing     Code = "unit_name_missing"     // the line has no name
	UnitKindUnknown     Code = "unit_kind_unknown"     // neither company, region, store nor team
	UnitZoneUnknown     Code = "unit_zone_unknown"     // not an IANA time zone
	UnitHolidaysUnknown Code = "unit_holidays_unknown" // not the name of a holiday calendar
	UnitParentUnknown   Code = "unit_parent_unknown"   // neither the file nor the directory has the parent
	UnitParentKind      Code = "unit_parent_kind"      // the parent is of a kind that cannot hold this one
	UnitCompanySecond   Code = "unit_company_second"   // there is another company
	UnitCycle           Code = "unit_cycle"            // the unit would stand beneath itself
)

// Codes that warn about a line of a file of units.
const (
	UnitNameSeen        Code = "unit_name_seen"        // people are placed by their unit's name, and another unit has the same one
	UnitMerged          Code = "unit_merged"           // the unit was merged into another, which the line means: it is passed over
	UnitCalendarUnknown Code = "unit_calendar_unknown" // nobody configured the holiday calendar: that of France holds
)

// Codes that warn: the person is imported without the doubtful value.
const (
	ManagerUnknown  Code = "manager_unknown"   // nobody has the manager's number
	ManagerRejected Code = "manager_rejected"  // the manager's own line was rejected
	ManagerSelf     Code = "manager_self"      // the person would be their own manager
	EmailMalformed  Code = "email_malformed"   // not an e-mail address
	UnitCreated     Code = "unit_created"      // an unknown unit was created, unplaced; said once per unit
	UnitMissing     Code = "unit_missing"      // no unit given: the person is kept at company level
	NameMissing     Code = "name_missing"      // neither given nor family name
	LanguageUnknown Code = "language_unknown"  // a language that Jalon does not speak
	TimeZoneUnknown Code = "time_zone_unknown" // not an IANA time zone
	StatusUnknown   Code = "status_unknown"    // neither present nor on leave; said once per value
	AwayUnclear     Code = "away_unclear"      // a leave that ends before it begins, or ends without beginning
	EffectUnclear   Code = "effect_unclear"    // a change takes effect on no date, before the hire, or far ahead: the file's date is taken
	AbsenceHeld     Code = "absence_held"      // said of the whole file: nobody's absence ends a contract, see guards
)

// Codes that refuse a file as a whole.
const (
	FileEmpty        Code = "file_empty"         // no line after the header, or nothing at all
	FileNotText      Code = "file_not_text"      // a spreadsheet or another binary file
	ColumnMissing    Code = "column_missing"     // the header lacks a column that is required
	DateOrderUnknown Code = "date_order_unknown" // nothing tells day from month
	FileAhead        Code = "file_ahead"         // the file's date is yet to come
	FileOlder        Code = "file_older"         // older than the last file imported
	EndsTooMany      Code = "ends_too_many"      // a full file whose absences would end too many contracts
	MovesTooMany     Code = "moves_too_many"     // a file that would move too many people at once
	GuardsSeveral    Code = "guards_several"     // several guards speak, and one word was to confirm them all
)
