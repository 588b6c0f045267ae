package moment

import "jalon.dev/pkg/clock"

// TalkAudit stands where key moments are named for the audit of the talks: every four months each person is asked how many talks
// with their manager were held, and what came of them. It is no key moment, because nothing happens to anybody: it is not in the
// catalogue, nobody declares or edits it, and no moment is kept or told of. Only its follow-up is planned, and lives as all do.
const TalkAudit = "talk_audit"

const (
	// auditDays is how long an audit waits for an answer, and how late it may begin to.
	auditDays = 14
	// auditToldAs is what other services call the follow-up of every audit.
	auditToldAs = "every_four_months"
)

// AuditOf is the audit that asks from a day on. That day is the code of its follow-up: whoever answers every audit answers each of
// them once, so that the answers of one count people, and its results are asked for by its day.
func AuditOf(day clock.Date) KeyMoment {
	return KeyMoment{Code: TalkAudit, FollowUps: []Rule{{
		Code: day.String(), GraceDays: auditDays, AnswerDays: auditDays, Questionnaire: TalkAudit + ".v1",
	}}}
}
