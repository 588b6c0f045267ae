package page

import (
	"context"

	"github.com/a-h/templ"
)

// CrossingView is a theme beside a question of customers, store by store.
type CrossingView struct {
	// Console tells that the reader comes from the HR console; others come from their team.
	Console    bool
	Unit, Name string
	// Path leads from the company down to the unit from which the reader looks.
	Path []Crumb
	// Store is the one that is marked; it may be empty.
	Store              string
	Edition, EditionID string
	// Editions, Themes, Questions and Waves are what there is to choose among.
	Editions, Themes, Questions, Waves []Choice
	Theme, ThemeCode                   string
	Question, QuestionCode             string
	// Wave is the one that is shown, AskedWave that of the address.
	Wave, AskedWave string
	// NoWaves says that no wave of the panel was imported yet.
	NoWaves bool
	// Sentence is what is said of the relation, and Numbers how sure that is. Constant says that all stores are alike.
	Sentence, Numbers string
	Constant          bool
	Around            []RelationRow
	// Stores are crossed; of them Unnamed are not the reader's to see.
	Stores, Unnamed int
	FewestCustomers int
	// Score says that customers' figure is a score and no share.
	Score     bool
	Chart     *Scatter
	Quadrants []QuadrantCount
	Rows      []StoreRow
	// All stores are the reader's to see, Found are those that the search left.
	All, Found  int
	Query, Next string
}

// RelationRow is the relation to one wave. Sure says that there is a number.
type RelationRow struct {
	When, Wave, Said string
	Chosen, Sure     bool
	R, Low, High     string
	At, From, To     float64
}

// Shape is how a store is drawn.
type Shape int

// The shapes.
const (
	Ring Shape = iota
	Disc
	Triangle
	Square
	Diamond
)

// Scatter is the chart. Places are in percent of its width and height.
type Scatter struct {
	Dots []Dot
	// Marked is the store that is looked for; nil for none.
	Marked *Dot
	// Middle says that the medians are told.
	Middle         bool
	MidX, MidY     float64
	XTicks, YTicks []Tick
	// Many says that dots hide each other.
	Many bool
}

// Dot is a store.
type Dot struct {
	X, Y             float64
	Shape            Shape
	Name, Href, Told string
	Marked           bool
}

// Tick is a number on an axis.
type Tick struct {
	At   float64
	Text string
}

// QuadrantCount is how many stores are where.
type QuadrantCount struct {
	Shape Shape
	Name  string
	N     int
}

// StoreRow is a store in the table.
type StoreRow struct {
	Name, Href                  string
	Employees, EmployeesBetween string
	Customers, CustomersBetween string
	Answered                    string
	Shape                       Shape
	Quadrant                    string
	Marked                      bool
}

func (view CrossingView) section() string {
	if view.Console {
		return "hr.barometer_results"
	}
	return "team"
}

func (view CrossingView) title(ctx context.Context) string {
	return t(ctx, "crossing.of", "Unit", view.Name, "Edition", view.Edition)
}

// outline is the shape drawn around its middle.
func (s Shape) outline() string {
	switch s {
	case Triangle:
		return "M0-6.500 6 4.500H-6Z"
	case Square:
		return "M-5-5H5V5H-5Z"
	case Diamond:
		return "M0-7 7 0 0 7-7 0Z"
	default:
		return "M-5.500 0a5.500 5.500 0 1 0 11 0a5.500 5.500 0 1 0-11 0Z"
	}
}

func (s Shape) class() string {
	return [...]string{"ring", "disc", "triangle", "square", "diamond"}[s]
}

// labelSide keeps the marked store's name within the chart.
func (d Dot) labelSide() templ.Attributes {
	if d.X > 60 {
		return templ.Attributes{"x": "-16", "text-anchor": "end"}
	}
	return templ.Attributes{"x": "16", "text-anchor": "start"}
}
