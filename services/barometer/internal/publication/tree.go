package publication

import (
	"slices"
	"strings"
)

// node is a group: a unit with all below it, or the rest of a unit, which is its own cell, where there are cells below it.
type node struct {
	unit string
	path []string
	rest bool
	tally
	cells    []*tally
	children []*node
	// detailed says that distributions and comments of the group may be shown, and withheld otherwise why not.
	detailed bool
	withheld Withheld
}

// grow makes the tree of groups over the cells that have ballots, of which there must be one.
func grow(cells []*tally) *node {
	root := &node{unit: cells[0].cell.Path[0], path: cells[0].cell.Path[:1]}
	for _, c := range cells {
		at := root
		for depth := 1; depth < len(c.cell.Path); depth++ {
			at = at.child(c.cell.Path[depth], c.cell.Path[:depth+1])
		}
		at.cells = append(at.cells, c)
	}
	root.sum()
	return root
}

func (n *node) child(unit string, path []string) *node {
	for _, c := range n.children {
		if c.unit == unit {
			return c
		}
	}
	c := &node{unit: unit, path: path}
	n.children = append(n.children, c)
	return c
}

// sum adds up from below. A unit with a cell of its own above others gets its rest as another child.
func (n *node) sum() {
	if len(n.children) > 0 && len(n.cells) > 0 {
		n.children = append(n.children, &node{unit: n.unit, path: n.path, rest: true, cells: n.cells})
		n.cells = nil
	}
	slices.SortFunc(n.children, func(x, y *node) int { return strings.Compare(x.unit, y.unit) })
	for _, c := range n.children {
		c.sum()
		n.add(&c.tally)
	}
	for _, c := range n.cells {
		n.add(c)
	}
}

// details decides which groups' distributions and comments are shown: those for which nothing that can be derived from all that are
// shown speaks of fewer ballots than least. A group whose own part is too small takes the parts of the smallest groups below it in, which
// are then not shown, until it is large enough; one that is too small as a whole is not shown.
func (n *node) details(least int) {
	for _, c := range n.children {
		c.details(least)
	}
	for {
		below := n.below()
		if part := n.part(below); part == 0 || part >= least || len(below) == 0 {
			break
		}
		smallest := slices.MinFunc(below, func(x, y *node) int { return x.ballots - y.ballots })
		smallest.detailed, smallest.withheld = false, Remainder
	}
	if n.detailed = n.ballots >= least; !n.detailed {
		n.withheld = TooFew
	}
}

// part is how many ballots are left of the group when those below it are taken away.
func (n *node) part(below []*node) int {
	part := n.ballots
	for _, c := range below {
		part -= c.ballots
	}
	return part
}

// below are the highest groups below that are shown in detail.
func (n *node) below() []*node {
	var all []*node
	for _, c := range n.children {
		if c.detailed {
			all = append(all, c)
		} else {
			all = append(all, c.below()...)
		}
	}
	return all
}

// comments are each shown of the lowest group in detail that they belong to.
func comments(root *node) []Comment {
	var all []Comment
	var walk func(n, shown *node)
	walk = func(n, shown *node) {
		if n.detailed {
			shown = n
		}
		for _, c := range n.children {
			walk(c, shown)
		}
		if shown == nil {
			return
		}
		for _, cell := range n.cells {
			for _, c := range cell.cell.Comments {
				all = append(all, Comment{UnitID: shown.unit, Path: shown.path, Theme: c.Theme, Text: c.Text})
			}
		}
	}
	walk(root, nil)
	return all
}
