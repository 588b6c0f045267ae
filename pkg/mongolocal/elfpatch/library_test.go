package elfpatch

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
)

// symbol is one of a made-up library: a name, the index of its version and the section that defines it, 0 for none.
// Index 2 stands for GLIBC_2.2.5 and 3 for GLIBC_2.38.
type symbol struct {
	name    string
	version uint16
	section uint16
}

// library builds the smallest x86-64 library with a table of symbols and one of needed versions.
func library(symbols ...symbol) []byte {
	var names, dynsym, versym, needs, sections bytes.Buffer
	names.WriteByte(0)
	name := func(to *bytes.Buffer, text string) uint32 {
		at := uint32(to.Len())
		to.WriteString(text + "\x00")
		return at
	}
	write := func(to *bytes.Buffer, v any) { _ = binary.Write(to, binary.LittleEndian, v) }

	write(&dynsym, elf.Sym64{})
	write(&versym, uint16(0))
	for _, s := range symbols {
		write(&dynsym, elf.Sym64{Name: name(&names, s.name), Info: elf.ST_INFO(elf.STB_GLOBAL, elf.STT_FUNC), Shndx: s.section})
		write(&versym, s.version)
	}
	// One needed library with two versions, the newer one last.
	write(&needs, struct {
		Version, Count    uint16
		File, First, Next uint32
	}{1, 2, name(&names, "libc.so.6"), needLen, 0})
	type aux struct {
		Hash         uint32
		Flags, Index uint16
		Name, Next   uint32
	}
	write(&needs, aux{0x1111, 0, 2, name(&names, "GLIBC_2.2.5"), auxLen})
	write(&needs, aux{0x2222, 0, 3, name(&names, wanted), 0})

	var file bytes.Buffer
	header := elf.Header64{
		Type: uint16(elf.ET_DYN), Machine: uint16(elf.EM_X86_64), Version: 1,
		Ehsize: 64, Shentsize: 64, Shnum: 6, Shstrndx: 5,
	}
	copy(header.Ident[:], elf.ELFMAG)
	header.Ident[elf.EI_CLASS], header.Ident[elf.EI_DATA], header.Ident[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	write(&file, header)

	var sectionNames bytes.Buffer
	sectionNames.WriteByte(0)
	write(&sections, elf.Section64{})
	add := func(called string, kind elf.SectionType, link uint32, entry uint64, content []byte) {
		write(&sections, elf.Section64{
			Name: name(&sectionNames, called), Type: uint32(kind), Off: uint64(file.Len()), Size: uint64(len(content)), Link: link, Entsize: entry,
		})
		file.Write(content)
	}
	add(".dynstr", elf.SHT_STRTAB, 0, 0, names.Bytes())
	add(".dynsym", elf.SHT_DYNSYM, 1, symbolLen, dynsym.Bytes())
	add(".gnu.version", elf.SHT_GNU_VERSYM, 2, versionLen, versym.Bytes())
	add(".gnu.version_r", elf.SHT_GNU_VERNEED, 1, 0, needs.Bytes())
	const own = ".shstrtab"
	at := name(&sectionNames, own)
	write(&sections, elf.Section64{Name: at, Type: uint32(elf.SHT_STRTAB), Off: uint64(file.Len()), Size: uint64(sectionNames.Len())})
	file.Write(sectionNames.Bytes())

	built := file.Bytes()
	binary.LittleEndian.PutUint64(built[40:], uint64(len(built))) // where the sections are listed
	return append(built, sections.Bytes()...)
}
