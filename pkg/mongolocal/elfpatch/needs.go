package elfpatch

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Layout of a needed library (Elf64_Verneed) and of a version needed of it (Elf64_Vernaux), in bytes.
const (
	needLen   = 16
	needCount = 2
	needFile  = 4
	needFirst = 8
	needNext  = 12

	auxLen   = 16
	auxHash  = 0
	auxIndex = 6
	auxName  = 8
	auxNext  = 12
)

var errNeeds = errors.New("the table of needed versions is broken")

// moveNeeds turns each need of the wanted version into a second need of the base version of the same library. It returns,
// for each index by which symbols refer to the former, the index of the latter.
func (p *image) moveNeeds() (map[uint16]uint16, error) {
	moved := map[uint16]uint16{}
	for at := uint64(0); ; {
		need, err := p.need(at, needLen)
		if err != nil {
			return nil, err
		}
		library, err := p.name(le.Uint32(need[needFile:]))
		if err != nil {
			return nil, err
		}
		base, newer, err := p.split(library, at+uint64(le.Uint32(need[needFirst:])), int(le.Uint16(need[needCount:])))
		if err != nil {
			return nil, err
		}
		for _, aux := range newer {
			if base == nil {
				return nil, fmt.Errorf("%s is needed in %s only, not in %s too", library, wanted, p.base)
			}
			moved[le.Uint16(aux[auxIndex:])] = le.Uint16(base[auxIndex:])
			copy(aux[auxHash:auxHash+4], base[auxHash:auxHash+4])
			copy(aux[auxName:auxName+4], base[auxName:auxName+4])
		}
		next := uint64(le.Uint32(need[needNext:]))
		if next == 0 {
			return moved, nil
		}
		at += next
	}
}

// split finds, among the versions needed of one library, the base version and those to be moved.
func (p *image) split(library string, at uint64, count int) (base []byte, newer [][]byte, err error) {
	for range count {
		aux, err := p.need(at, auxLen)
		if err != nil {
			return nil, nil, err
		}
		version, err := p.name(le.Uint32(aux[auxName:]))
		if err != nil {
			return nil, nil, err
		}
		switch {
		case version == p.base:
			base = aux
		case version == wanted:
			newer = append(newer, aux)
		case tooNew(version):
			return nil, nil, fmt.Errorf("%s is also needed in %s", library, version)
		}
		at += uint64(le.Uint32(aux[auxNext:]))
	}
	return base, newer, nil
}

func (p *image) need(at uint64, size int) ([]byte, error) {
	if at > uint64(len(p.needs)) || uint64(len(p.needs))-at < uint64(size) {
		return nil, errNeeds
	}
	return p.needs[at : at+uint64(size)], nil
}

// tooNew reports whether a version is missing from glibc 2.36 and is not the wanted one.
func tooNew(version string) bool {
	minor, ok := strings.CutPrefix(version, "GLIBC_2.")
	if !ok {
		return false
	}
	minor, _, _ = strings.Cut(minor, ".")
	n, err := strconv.Atoi(minor)
	return err == nil && n > 36 && version != wanted
}
