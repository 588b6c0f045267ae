package moment

// Standard is the catalogue that Jalon comes with, in the order of the product's. Its words are in the folder words, one file
// for each key moment; Describe adds them.
//
// A departure's follow-up is due three days before the last day and has three days of grace: heard of late, it is asked at
// once, and never after the last day. A month later, whoever left is reached by a personal link alone, which somebody has to hand
// over: that follow-up is off until HR wants it. The talk every four weeks comes too often to be followed by questions each time: its
// follow-up is off until HR wants it.
//
// A reframing is asked about the day after, as other talks are: whether one was heard and spoken to with respect is best said before
// it is smoothed over, and nobody has to wait a week for help. The questions are few, and the send window has the last word. The
// week after is the other choice, and off: two surveys about one hard talk are one too many.
func Standard() Catalogue {
	return Catalogue{
		{Code: RecruitmentInterview, Expected: []string{"curious", "impatient", "anxious", "stressed"}, FollowUps: []Rule{
			ask(RecruitmentInterview, "day_1", 1, 7),
		}},
		{Code: TeamArrival, Automatic: true, Expected: []string{"curious", "enthusiastic", "impatient", "anxious"}, FollowUps: []Rule{
			ask(TeamArrival, "day_7", 7, 7), ask(TeamArrival, "day_30", 30, 14),
		}},
		{Code: Onboarding, Automatic: true, Expected: []string{"curious", "enthusiastic", "anxious", "stressed"}, FollowUps: []Rule{
			ask(Onboarding, "day_1", 1, 5), ask(Onboarding, "day_7", 7, 7), ask(Onboarding, "day_30", 30, 14),
			ask(Onboarding, "day_90", 90, 14),
		}},
		{Code: CheckIn, Expected: []string{"confident", "curious", "impatient", "anxious"}, FollowUps: []Rule{
			off(ask(CheckIn, "day_1", 1, 5)),
		}},
		{Code: Congratulation, Expected: []string{"enthusiastic", "confident", "curious"}, FollowUps: []Rule{
			ask(Congratulation, "day_1", 1, 7),
		}},
		{Code: Reframing, Expected: []string{"anxious", "stressed", "disappointed"}, FollowUps: []Rule{
			ask(Reframing, "day_1", 1, 7), off(ask(Reframing, "day_7", 7, 7)),
		}},
		{Code: SuccessCelebrated, Collective: true, Expected: []string{"enthusiastic", "confident"}, FollowUps: []Rule{
			ask(SuccessCelebrated, "day_2", 2, 7),
		}},
		{Code: ProjectShared, Collective: true, Expected: []string{"curious", "enthusiastic", "impatient", "anxious"}, FollowUps: []Rule{
			ask(ProjectShared, "day_7", 7, 10),
		}},
		{Code: Promotion, Automatic: true, Expected: []string{"enthusiastic", "confident", "impatient", "stressed"}, FollowUps: []Rule{
			ask(Promotion, "day_30", 30, 14), ask(Promotion, "day_90", 90, 14),
		}},
		{Code: ManagerChange, Automatic: true, Expected: []string{"curious", "impatient", "anxious", "indifferent"}, FollowUps: []Rule{
			ask(ManagerChange, "day_14", 14, 10), ask(ManagerChange, "day_60", 60, 14),
		}},
		{Code: FirstStepsAsManager, Expected: []string{"enthusiastic", "impatient", "anxious", "stressed"}, FollowUps: []Rule{
			ask(FirstStepsAsManager, "day_30", 30, 14), ask(FirstStepsAsManager, "day_90", 90, 14),
		}},
		{Code: ReturnFromLeave, Automatic: true, Expected: []string{"impatient", "curious", "anxious", "stressed"}, FollowUps: []Rule{
			ask(ReturnFromLeave, "day_3", 3, 5), ask(ReturnFromLeave, "day_30", 30, 14),
		}},
		{Code: Training, Expected: []string{"curious", "enthusiastic", "stressed"}, FollowUps: []Rule{
			ask(Training, "day_1", 1, 7), ask(Training, "day_60", 60, 21),
		}},
		{Code: ImmersionDay, Expected: []string{"curious", "enthusiastic", "anxious"}, FollowUps: []Rule{
			ask(ImmersionDay, "day_1", 1, 7),
		}},
		{Code: Anniversary, Automatic: true, Expected: []string{"confident", "enthusiastic", "indifferent"}, FollowUps: []Rule{
			ask(Anniversary, "same_day", 0, 7),
		}},
		{Code: Departure, Automatic: true, Expected: []string{"grateful", "serene", "impatient", "anxious", "sad"}, FollowUps: []Rule{
			{
				Code: "last_days", OffsetDays: -3, GraceDays: 3, AnswerDays: DefaultAnswerDays, EndsWithMoment: true,
				Questionnaire: questionnaire(Departure, "last_days"),
			},
			off(ask(Departure, "day_30", 30, 14)),
		}},
	}
}

func ask(keyMoment, code string, offset, grace int) Rule {
	return Rule{
		Code: code, OffsetDays: offset, GraceDays: grace, AnswerDays: DefaultAnswerDays, Questionnaire: questionnaire(keyMoment, code),
	}
}

func off(r Rule) Rule {
	r.Off = true
	return r
}

// questionnaire is the id of a follow-up's questionnaire, in its latest version.
func questionnaire(keyMoment, followUp string) string {
	switch id := keyMoment + "_" + followUp; id {
	case "onboarding_day_90", "departure_last_days":
		return id + ".v2"
	default:
		return id + ".v1"
	}
}
