package mail

import notificationsv1 "jalon.dev/proto/gen/jalon/notifications/v1"

// subject is the line that HR wrote for a mail, in both languages.
type subject struct {
	FR string `bson:"fr"`
	EN string `bson:"en"`
}

func subjectOf(told *notificationsv1.Subject) *subject {
	if told == nil {
		return nil
	}
	return &subject{FR: told.GetFr(), EN: told.GetEn()}
}

// reminders begin the subject of a reminder, by language.
var reminders = map[string]string{"fr": "Rappel\u00a0: ", "en": "Reminder: "}

// in is the line in a language; empty where the mail is announced by what it is about. HR's own line never ends one.
func (s *subject) in(lang string, reminder bool) string {
	if s == nil {
		return ""
	}
	line := plain(s.FR)
	if lang == "en" {
		line = plain(s.EN)
	}
	if line != "" && reminder {
		line = reminders[lang] + line
	}
	return line
}
