package inspection

import (
	"net"
	"net/mail"
	"regexp"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// What a breach is.
const (
	// UnknownCollection and UnknownField: it is not documented.
	UnknownCollection = "unknown_collection"
	UnknownField      = "unknown_field"
	// OtherShape: the field is documented for something else.
	OtherShape = "other_shape"
	// Person, Address and Time: it names or tells one.
	Person  = "person"
	Address = "address"
	Time    = "time"
	// OrderOfIssue: electors lie in another order than the launch wrote them in.
	OrderOfIssue = "order_of_issue"
	// Profiled: the database records what it is asked, with times.
	Profiled = "profiled"
	// InClear: a ballot can be read outside of the batches.
	InClear = "in_clear"
	// SmallBatch: a batch is too small to hide what is in it.
	SmallBatch = "small_batch"
	// SeveralBatches: a closed edition tells which ballots were released when.
	SeveralBatches = "several_batches"
	// WrongCount: a batch says another number than it has.
	WrongCount = "wrong_count"
	// MoreBallotsThanTokens and ReleasedTwice: ballots are there that nobody can have cast.
	MoreBallotsThanTokens = "more_ballots_than_tokens"
	ReleasedTwice         = "released_twice"
	// NoResults: a published edition has none, or other numbers than ballots.
	OtherResults = "other_results"
	// SmallCell, WrongKey and SharedKey: a cell is too small, its key is not the one that its name says, or is another cell's too.
	SmallCell = "small_cell"
	WrongKey  = "wrong_key"
	SharedKey = "shared_key"
	// KeyLeft, HashLeft and CardLeft: of a closed edition something is left by which tokens could be told from others.
	KeyLeft  = "key_left"
	HashLeft = "hash_left"
	CardLeft = "card_left"
	// FewCards: a sheet has so few cards that drawing one hides nobody.
	FewCards = "few_cards"
)

var (
	day       = regexp.MustCompile(`(^|\D)\d{4}-[01]\d-[0-3]\d(\D|$)|(^|[^0-9a-fA-F])\d{1,2}:\d{2}(:\d{2}|$)`)
	timedUUID = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[1267][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	objectID  = regexp.MustCompile(`(?i)^[0-9a-f]{24}$`)
	ulid      = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	anyUUID   = regexp.MustCompile(`(?i)[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}`)
)

// suspicion is what a value that does not belong tells, as far as can be seen of it.
func (l *look) suspicion(v bson.RawValue) (Promise, string) {
	switch v.Type {
	case bson.TypeDateTime, bson.TypeTimestamp, bson.TypeObjectID:
		return NoTime, Time
	case bson.TypeInt64, bson.TypeInt32, bson.TypeDouble, bson.TypeDecimal128:
		if n, ok := v.AsFloat64OK(); ok && n >= soonest {
			return NoTime, Time
		}
	case bson.TypeString:
		return l.suspected(v.StringValue())
	case bson.TypeBinary:
		subtype, data := v.Binary()
		if subtype == bson.TypeBinaryUUID && len(data) == 16 {
			return l.suspected(formatted(data))
		}
		return l.suspected(string(data))
	default: // of other kinds nothing can be said
	}
	return "", ""
}

func (l *look) suspected(text string) (Promise, string) {
	for _, id := range anyUUID.FindAllString(text, -1) {
		if l.people[id] || l.people[dashed(id)] {
			return Nobody, Person
		}
	}
	if l.people[text] {
		return Nobody, Person
	}
	host, _, err := net.SplitHostPort(text)
	if err != nil {
		host = text
	}
	if _, err := mail.ParseAddress(text); err == nil || net.ParseIP(strings.Trim(host, "[]")) != nil {
		return Nobody, Address
	}
	if day.MatchString(text) || timedUUID.MatchString(text) || objectID.MatchString(text) || ulid.MatchString(text) {
		return NoTime, Time
	}
	return "", ""
}
