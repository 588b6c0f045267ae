package web

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"
	"rsc.io/qr"

	"jalon.dev/pkg/clock"
	"jalon.dev/pkg/identity"
	directoryv1 "jalon.dev/proto/gen/jalon/directory/v1"
	"jalon.dev/services/portal/internal/audit"
	"jalon.dev/services/portal/internal/page"
	"jalon.dev/services/portal/internal/session"
)

// mostCodes is how many cards are printed at a time: a large store's.
const mostCodes = 200

// hrCodes lets HR choose for whom to print sign-in codes: of a unit, those without e-mail unless all are asked for.
func (s *Site) hrCodes(w http.ResponseWriter, r *http.Request) error {
	return s.showCodeChoice(w, r, http.StatusOK, "")
}

func (s *Site) showCodeChoice(w http.ResponseWriter, r *http.Request, status int, problem string) error {
	ctx, words := r.Context(), visitorOf(r).frame().Words
	view := page.CodesView{Unit: r.FormValue("unit"), Everybody: r.FormValue("everybody") != "", Problem: problem}
	units, err := s.Peers.Directory().ListUnits(ctx, &directoryv1.ListUnitsRequest{})
	if err != nil {
		return err
	}
	view.Units = unitChoices(words, units.GetUnits(), view.Unit)
	if view.Unit == "" {
		return s.draw(w, r, status, page.Codes(view))
	}
	for token := ""; ; {
		list, err := s.Peers.Directory().ListPeople(ctx, &directoryv1.ListPeopleRequest{UnitId: view.Unit, PageSize: mostCodes, PageToken: token})
		if err != nil {
			return err
		}
		for _, card := range list.GetPeople() {
			if card.GetEmail() != "" && !view.Everybody || s.gone(card) {
				continue
			}
			if len(view.People) == mostCodes {
				view.More = true
				break
			}
			row := page.CodeChoice{Person: page.Person{ID: card.GetId(), Name: fullName(card), JobTitle: card.GetJobTitle()}, NoMail: card.GetEmail() == ""}
			if holds, err := s.holdsRole(ctx, card.GetId()); err != nil {
				return err
			} else if holds {
				row.Not = words.T("codes.holds_role")
			}
			view.People = append(view.People, row)
		}
		if token = list.GetNextPageToken(); token == "" || view.More {
			return s.draw(w, r, status, page.Codes(view))
		}
	}
}

// gone tells that somebody's last day has passed.
func (s *Site) gone(card *directoryv1.PersonCard) bool {
	last, err := clock.ParseDate(card.GetLeftOn())
	return err == nil && !last.IsZero() && last.Before(clock.DateOf(s.now(), s.Zone))
}

// holdsRole tells whether somebody may more than an employee: a code on paper must not open that.
func (s *Site) holdsRole(ctx context.Context, personID string) (bool, error) {
	actor, err := s.Roles.Extend(ctx, identity.Actor{PersonID: personID})
	return len(actor.Roles) > 0 || len(actor.Grants) > 0, err
}

// hrMakeCodes makes the codes and shows them to be printed, this once. Directory is asked with the reader's own rights: nobody
// makes a code for somebody whom they may not see.
func (s *Site) hrMakeCodes(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return errNotFound
	}
	ctx, words := r.Context(), visitorOf(r).frame().Words
	ids := slices.Compact(slices.Sorted(slices.Values(r.PostForm["person"])))
	if len(ids) == 0 || len(ids) > mostCodes {
		return s.showCodeChoice(w, r, http.StatusUnprocessableEntity, words.T("codes.choose", "Most", words.Number(mostCodes)))
	}
	found, err := s.Peers.Directory().BatchGetPeople(ctx, &directoryv1.BatchGetPeopleRequest{Ids: ids})
	if err != nil {
		return err
	}
	var links []session.Link
	for _, card := range found.GetPeople() {
		if holds, err := s.holdsRole(ctx, card.GetId()); err != nil {
			return err
		} else if holds || s.gone(card) {
			return errNotFound
		}
		links = append(links, session.Link{PersonID: card.GetId(), Name: fullName(card)})
	}
	slices.SortFunc(links, func(a, b session.Link) int { return words.Compare(a.Name, b.Name) })
	codes, err := s.Sessions.CreateCodes(ctx, links...)
	if err != nil {
		return err
	}
	audit.About(ctx, ids...)
	view := page.CodeCardsView{Address: strings.TrimPrefix(strings.TrimPrefix(s.address(r), "https://"), "http://") + "/signin/code"}
	for _, code := range codes {
		picture, err := qrPicture(s.address(r) + "/signin/link/" + code.Token)
		if err != nil {
			return err
		}
		view.Cards = append(view.Cards, page.CodeCard{
			Name: code.Link.Name, Typed: code.Typed, QR: picture,
			Until: words.Instant(code.Link.ExpiresAt.Format(time.RFC3339)),
		})
	}
	return s.show(w, r, page.CodeCards(view))
}

// qrPicture is a QR code as the address of an SVG picture that holds it.
func qrPicture(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fmt.Errorf("drawing a QR code: %w", err)
	}
	const quiet = 4 // the margin that readers need, in modules
	side := code.Size + 2*quiet
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="`,
		side, side, side, side)
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&svg, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	svg.WriteString(`"/></svg>`)
	return "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(svg.String())), nil
}

// signInCode asks for the code of a printed card.
func (s *Site) signInCode(w http.ResponseWriter, r *http.Request) error {
	return s.show(w, r, page.SignInCode(""))
}

// useSignInCode signs in whoever types a code that waits. A wrong one is told apart from none at all by nothing, and is not
// counted: session.Store.UseCode says why.
func (s *Site) useSignInCode(w http.ResponseWriter, r *http.Request) error {
	words := visitorOf(r).frame().Words
	r.Body = http.MaxBytesReader(w, r.Body, maxUnsubscribeBytes)
	link, err := s.Sessions.UseCode(r.Context(), r.PostFormValue("code"))
	if errors.Is(err, session.ErrNone) {
		s.Log.Info("a sign-in code was wrong")
		return s.draw(w, r, http.StatusUnprocessableEntity, page.SignInCode(words.T("codes.wrong")))
	}
	if err != nil {
		return err
	}
	return s.enterByCard(w, r, link)
}

// enterByCard signs in the holder of a printed card: for long on a telephone of their own, and not at all where a role was
// given since the card was printed.
func (s *Site) enterByCard(w http.ResponseWriter, r *http.Request, link session.Link) error {
	if holds, err := s.holdsRole(r.Context(), link.PersonID); err != nil {
		return err
	} else if holds {
		words := visitorOf(r).frame().Words
		return s.draw(w, r, http.StatusForbidden, page.Message(words.T("codes.role_title"), words.T("codes.role")))
	}
	s.Log.Info("a sign-in card was used", zap.String("person", link.PersonID))
	return s.enter(w, r, session.Session{
		PersonID: link.PersonID, Name: link.Name, Card: true, OwnDevice: r.PostFormValue("own_device") != "",
	})
}
