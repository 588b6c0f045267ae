// Package elfpatch makes a shared library that was linked against glibc 2.38 loadable on glibc 2.36 and 2.37.
//
// A library linked on a newer system asks for the newest version of each function that it calls, even where the older one
// does all it needs. In the engine's case those are the C23 variants of functions such as strtoul, which only add binary
// literals, and fmod, whose new version only dropped an error handler. [Retarget] points these references at the base
// version and touches nothing else. The dynamic linker refuses a library by its table of needed versions before anything
// can be preloaded, so that the file itself has to change.
package elfpatch

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// wanted is the version that is asked for and not there.
const wanted = "GLIBC_2.38"

// Change is a reference that was pointed elsewhere.
type Change struct {
	From, To string // such as "__isoc23_strtoul@GLIBC_2.38"
}

// Retarget returns a copy of a little-endian 64-bit shared library that needs nothing of [wanted] any more. It fails when
// the library needs something else that is too new, or a function whose older version is not known to do.
func Retarget(library []byte) ([]byte, []Change, error) {
	p, err := parse(bytes.Clone(library))
	if err != nil {
		return nil, nil, fmt.Errorf("reading the library: %w", err)
	}
	moved, err := p.moveNeeds()
	if err != nil {
		return nil, nil, err
	}
	changes, err := p.moveSymbols(moved)
	if err != nil {
		return nil, nil, err
	}
	return p.bytes, changes, nil
}

// image is a library and those of its tables that name symbols and versions; the tables are parts of bytes.
type image struct {
	bytes    []byte
	base     string // the oldest version of the C library on this architecture
	symbols  []byte // .dynsym
	names    []byte // .dynstr
	versions []byte // .gnu.version: for each symbol the index of its version
	needs    []byte // .gnu.version_r: libraries and versions needed of them
}

func parse(library []byte) (*image, error) {
	f, err := elf.NewFile(bytes.NewReader(library))
	if err != nil {
		return nil, err
	}
	if f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB {
		return nil, errors.New("not a little-endian 64-bit file")
	}
	p := &image{bytes: library}
	switch f.Machine {
	case elf.EM_X86_64:
		p.base = "GLIBC_2.2.5"
	case elf.EM_AARCH64:
		p.base = "GLIBC_2.17"
	default:
		return nil, fmt.Errorf("unknown machine %s", f.Machine)
	}
	for name, table := range map[string]*[]byte{
		".dynsym": &p.symbols, ".dynstr": &p.names, ".gnu.version": &p.versions, ".gnu.version_r": &p.needs,
	} {
		if *table, err = section(f, library, name); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func section(f *elf.File, library []byte, name string) ([]byte, error) {
	s := f.Section(name)
	if s == nil {
		return nil, fmt.Errorf("no section %s", name)
	}
	size := uint64(len(library))
	if s.Offset > size || s.FileSize > size-s.Offset {
		return nil, fmt.Errorf("section %s lies outside of the file", name)
	}
	return library[s.Offset : s.Offset+s.FileSize], nil
}

func (p *image) name(offset uint32) (string, error) {
	if uint64(offset) >= uint64(len(p.names)) {
		return "", fmt.Errorf("name at %d lies outside of the table", offset)
	}
	text, _, found := bytes.Cut(p.names[offset:], []byte{0})
	if !found {
		return "", fmt.Errorf("name at %d has no end", offset)
	}
	return string(text), nil
}

var le = binary.LittleEndian

// Layout of a symbol (Elf64_Sym) and of its version, in bytes.
const (
	symbolLen     = 24
	symbolSection = 6 // 0 = the symbol is looked for elsewhere
	versionLen    = 2
	versionMask   = 0x7fff // the highest bit hides a symbol
	c23Prefix     = "__isoc23_"
)

// moveSymbols gives the symbols of the moved versions their new version and name.
func (p *image) moveSymbols(moved map[uint16]uint16) ([]Change, error) {
	count := len(p.symbols) / symbolLen
	if len(p.versions) < count*versionLen {
		return nil, errors.New("fewer versions than symbols")
	}
	var changes []Change
	for i := range count {
		symbol, version := p.symbols[i*symbolLen:(i+1)*symbolLen], p.versions[i*versionLen:]
		to, ok := moved[le.Uint16(version)&versionMask]
		if !ok {
			continue
		}
		offset := le.Uint32(symbol)
		name, err := p.name(offset)
		if err != nil {
			return nil, err
		}
		if le.Uint16(symbol[symbolSection:]) != 0 {
			return nil, fmt.Errorf("%s@%s is defined by the library itself", name, wanted)
		}
		older, isC23 := strings.CutPrefix(name, c23Prefix)
		if !isC23 && name != "fmod" {
			return nil, fmt.Errorf("no older version is known to stand in for %s@%s", name, wanted)
		}
		if isC23 {
			// The older function's name is the end of the newer one's.
			le.PutUint32(symbol, offset+uint32(len(c23Prefix)))
		}
		le.PutUint16(version, to)
		changes = append(changes, Change{From: name + "@" + wanted, To: older + "@" + p.base})
	}
	return changes, nil
}
