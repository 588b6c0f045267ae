package campaign

import "fmt"

// State is where a campaign stands.
type State string

// The states. Done and Cancelled are final.
const (
	Draft     State = "draft"
	Checked   State = "checked"
	Scheduled State = "scheduled"
	Running   State = "running"
	Paused    State = "paused"
	Done      State = "done"
	Cancelled State = "cancelled"
)

// Step is what leads from one state to another.
type Step string

// The steps. Start and Finish are taken by the agenda when their time comes, the others by HR.
const (
	Edit   Step = "edit"
	Check  Step = "check"
	Launch Step = "launch"
	Start  Step = "start"
	Pause  Step = "pause"
	Resume Step = "resume"
	Cancel Step = "cancel"
	Finish Step = "finish"
)

// steps is the whole machine: what it does not list cannot happen. Whatever is edited before it started must be checked again.
var steps = map[State]map[Step]State{
	Draft:     {Edit: Draft, Check: Checked, Cancel: Cancelled},
	Checked:   {Edit: Draft, Check: Checked, Launch: Scheduled, Cancel: Cancelled},
	Scheduled: {Edit: Draft, Start: Running, Cancel: Cancelled},
	Running:   {Pause: Paused, Finish: Done, Cancel: Cancelled},
	Paused:    {Resume: Running, Finish: Done, Cancel: Cancelled},
	Done:      {},
	Cancelled: {},
}

// seriesSteps are what only a series can: it is edited while it runs, makes nothing until it was looked at and launched again, and
// may be over before any of its days was kept.
var seriesSteps = map[State]map[Step]State{
	Scheduled: {Finish: Done},
	Running:   {Edit: Draft},
	Paused:    {Edit: Draft},
}

// States are all of them, in the order of a campaign's life.
func States() []State { return []State{Draft, Checked, Scheduled, Running, Paused, Done, Cancelled} }

// Steps are all of them.
func Steps() []Step { return []Step{Edit, Check, Launch, Start, Pause, Resume, Cancel, Finish} }

// Final tells that nothing leads on from it.
func (s State) Final() bool { return len(steps[s]) == 0 }

// Started tells that people were invited, or could have been: what would change the meaning of their answers is locked.
func (s State) Started() bool { return s == Running || s == Paused || s.Final() }

// StepError says that a step does not lead on from where a campaign stands.
type StepError struct {
	From State
	Step Step
}

func (e *StepError) Error() string {
	return fmt.Sprintf("cannot %s a campaign that is %s", e.Step, e.From)
}

func (c Campaign) step(step Step) (Campaign, error) {
	next, ok := c.leads(step)
	if !ok {
		return c, &StepError{From: c.State, Step: step}
	}
	c.State = next
	return c, nil
}

// Can tells whether a step leads on.
func (c Campaign) Can(step Step) bool {
	_, ok := c.leads(step)
	return ok && (step != Pause || !c.AllInvited)
}

// leads is where a step leads.
func (c Campaign) leads(step Step) (State, bool) {
	next, ok := steps[c.State][step]
	if !ok && c.Recurs() {
		next, ok = seriesSteps[c.State][step]
	}
	return next, ok
}

// Locked tells that nothing but the name can change: people were invited, or it is over. A series invites nobody itself.
func (c Campaign) Locked() bool { return c.State.Started() && !c.Can(Edit) }
