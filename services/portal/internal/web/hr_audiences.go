package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"connectrpc.com/connect"
	"github.com/google/uuid"

	"jalon.dev/pkg/rpc"
	momentsv1 "jalon.dev/proto/gen/jalon/moments/v1"
	"jalon.dev/services/portal/internal/i18n"
	"jalon.dev/services/portal/internal/page"
)

const audiencesAt = "/hr/audiences"

// hrAudiences lists the audiences that HR keeps, counted now.
func (s *Site) hrAudiences(w http.ResponseWriter, r *http.Request) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	all, err := s.Peers.Audiences().ListAudiences(ctx, &momentsv1.ListAudiencesRequest{})
	if err != nil {
		return err
	}
	view := page.AudienceList{AsOf: words.Instant(all.GetAsOf()), Deleted: r.URL.Query().Has("deleted")}
	for _, counted := range all.GetAudiences() {
		about, err := s.audienceWords(ctx, words, counted.GetAudience().GetAudience())
		if err != nil {
			return err
		}
		view.Rows = append(view.Rows, page.AudienceRow{
			ID: counted.GetAudience().GetId(), Name: counted.GetAudience().GetName(), About: about, Count: audienceCount(counted.GetCount(), "", ""),
		})
	}
	slices.SortStableFunc(view.Rows, func(a, b page.AudienceRow) int { return words.Compare(a.Name, b.Name) })
	return s.show(w, r, page.Audiences(view))
}

// hrAudienceNew is the form of an audience that is not kept yet. Its id is chosen before the form is sent, so that sending it twice keeps
// one.
func (s *Site) hrAudienceNew(w http.ResponseWriter, r *http.Request) error {
	return s.showAudience(w, r, http.StatusOK, audiencePage{SavedAudience: &momentsv1.SavedAudience{Id: uuid.NewString()}})
}

func (s *Site) hrAudience(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Peers.Audiences().GetAudience(r.Context(), &momentsv1.GetAudienceRequest{Id: r.PathValue("id")})
	if err != nil {
		return err
	}
	return s.showAudience(w, r, http.StatusOK, audiencePage{SavedAudience: found.GetAudience(), saved: r.URL.Query().Has("saved")})
}

// hrAudienceCount shows the form as it was entered, with the audience counted anew. The script takes the count alone.
func (s *Site) hrAudienceCount(w http.ResponseWriter, r *http.Request) error {
	entered, _ := audienceEntered(r, r.PostFormValue("campaign"))
	return s.showAudience(w, r, http.StatusOK, entered)
}

// hrAudienceWrite keeps what was written.
func (s *Site) hrAudienceWrite(w http.ResponseWriter, r *http.Request) error {
	entered, problems := audienceEntered(r, r.PathValue("id"))
	words := visitorOf(r).frame().Words
	if len(problems) > 0 {
		entered.wrong = campaignWrong(words, problems)
		return s.showAudience(w, r, http.StatusUnprocessableEntity, entered)
	}
	_, err := s.Peers.Audiences().SaveAudience(r.Context(), &momentsv1.SaveAudienceRequest{
		Id: entered.GetId(), Version: entered.GetVersion(), Name: entered.GetName(), Audience: entered.GetAudience(),
	})
	switch {
	case rpc.Is(err, connect.CodeInvalidArgument):
		for _, v := range rpc.Violations(err) {
			problems = append(problems, &momentsv1.CampaignProblem{Field: v.Field, Code: v.Description})
		}
		entered.wrong = campaignWrong(words, problems)
		return s.showAudience(w, r, http.StatusUnprocessableEntity, entered)
	case rpc.Is(err, connect.CodeAborted):
		entered.trouble = words.T("audience.conflict")
		return s.showAudience(w, r, http.StatusConflict, entered)
	case err != nil:
		return err
	}
	http.Redirect(w, r, audiencesAt+"/"+entered.GetId()+"?saved", http.StatusSeeOther)
	return nil
}

func (s *Site) hrAudienceDelete(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.Peers.Audiences().DeleteAudience(r.Context(), &momentsv1.DeleteAudienceRequest{Id: r.PathValue("id")}); err != nil {
		return err
	}
	http.Redirect(w, r, audiencesAt+"?deleted", http.StatusSeeOther)
	return nil
}

// audiencePage is how the form of an audience is shown.
type audiencePage struct {
	*momentsv1.SavedAudience
	months, wrong map[string]string
	trouble       string
	saved         bool
}

// audienceEntered is what the form says: its conditions are read as those of a campaign.
func audienceEntered(r *http.Request, id string) (audiencePage, []*momentsv1.CampaignProblem) {
	draft, months, problems := campaignEntered(r)
	return audiencePage{months: months, SavedAudience: &momentsv1.SavedAudience{
		Id: id, Version: campaignVersion(r), Name: draft.GetName(), Audience: draft.GetAudience(),
	}}, problems
}

func (s *Site) showAudience(w http.ResponseWriter, r *http.Request, status int, as audiencePage) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	draft := &momentsv1.CampaignDraft{Name: as.GetName(), Audience: as.GetAudience()}
	view := page.CampaignForm{
		ID: as.GetId(), Version: strconv.FormatInt(as.GetVersion(), 10), Name: as.GetName(), New: as.GetVersion() == 0,
		HiredFrom: draft.GetAudience().GetHiredFrom(), HiredTo: draft.GetAudience().GetHiredTo(),
		MonthsFrom: cmp.Or(as.months["months_from"], positive(draft.GetAudience().GetMonthsFrom())), MonthsBelow: cmp.Or(as.months["months_below"], positive(draft.GetAudience().GetMonthsBelow())),
		Wrong: as.wrong, Trouble: as.trouble, Saved: as.saved, Who: page.AudienceForm{Kept: true},
	}
	if err := s.campaignChoices(ctx, words, draft, &view); err != nil {
		return err
	}
	if err := s.audienceForm(ctx, words, draft, &view); err != nil {
		return err
	}
	var err error
	if view.Count, err = s.campaignCount(ctx, words, draft.GetAudience()); err != nil {
		return err
	}
	view.Count.Kept = true
	return s.draw(w, r, status, page.AudienceEdit(view))
}

func audienceCount(count *momentsv1.AudienceCount, said, asOf string) page.CampaignCount {
	return page.CampaignCount{People: int(count.GetPeople()), About: count.GetAbout(), TooFew: count.GetTooFew(), Audience: said, AsOf: asOf}
}

// pickAudience copies an audience that is kept into a draft.
func (s *Site) pickAudience(ctx context.Context, id string, draft *momentsv1.CampaignDraft) error {
	found, err := s.Peers.Audiences().GetAudience(ctx, &momentsv1.GetAudienceRequest{Id: id})
	if rpc.Is(err, connect.CodeNotFound) || rpc.Is(err, connect.CodeInvalidArgument) { // it was deleted meanwhile: the form stays as it is
		return nil
	}
	if err != nil {
		return err
	}
	saved := found.GetAudience()
	draft.Audience, draft.SavedAudienceId, draft.SavedAudienceVersion = saved.GetAudience(), saved.GetId(), saved.GetVersion()
	return nil
}

func originVersion(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64) // what is no version is none
	return max(n, 0)
}

// originWords say from which audience that is kept a draft's was copied, and whether either was changed since.
func originWords(words *i18n.Words, draft *momentsv1.CampaignDraft, all []*momentsv1.ListAudiencesResponse_Counted) (said string, renew bool) {
	if draft.GetSavedAudienceId() == "" {
		return "", false
	}
	for _, counted := range all {
		saved := counted.GetAudience()
		if saved.GetId() != draft.GetSavedAudienceId() {
			continue
		}
		switch {
		case saved.GetVersion() != draft.GetSavedAudienceVersion():
			return words.T("audience.origin_edited", "Name", saved.GetName(), "At", words.Instant(saved.GetChangedAt())), true
		case !sameAudience(saved.GetAudience(), draft.GetAudience()):
			return words.T("audience.origin_changed", "Name", saved.GetName()), false
		default:
			return words.T("audience.origin", "Name", saved.GetName()), false
		}
	}
	return words.T("audience.origin_gone"), false
}

// reactionAbout is what a condition is on, as the form names it: "onboarding/day_7", "campaign/…".
func reactionAbout(r *momentsv1.Reaction) string {
	if r == nil {
		return ""
	}
	return r.GetKeyMoment() + "/" + r.GetFollowUp()
}

func reactionEntered(did, about string) *momentsv1.Reaction {
	value, known := momentsv1.Reaction_Did_value["DID_"+strings.ToUpper(did)]
	if !known || did == "" {
		return nil
	}
	keyMoment, followUp, _ := strings.Cut(about, "/")
	return &momentsv1.Reaction{Did: momentsv1.Reaction_Did(value), KeyMoment: keyMoment, FollowUp: followUp}
}

func reactionCode(a *momentsv1.Audience) string {
	switch {
	case a.GetNeverReacts():
		return neverReacts
	case a.GetReaction() == nil:
		return ""
	}
	return strings.ToLower(strings.TrimPrefix(a.GetReaction().GetDid().String(), "DID_"))
}

// neverReacts is the one choice that is about nothing in particular.
const neverReacts = "never"
