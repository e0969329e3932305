using System.Runtime.InteropServices;

namespace Pipeline.Core.Topology.Yaml;

/// <summary>A place in a text, both counted from 1; line 0 = the file as a whole.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Position(int Line, int Column)
{
    public static readonly Position Start = new(1, 1);

    public static readonly Position None;
}
