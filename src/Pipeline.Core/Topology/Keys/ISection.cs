namespace Pipeline.Core.Topology.Keys;

/// <summary>A shape with fixed keys, for those who only list them.</summary>
internal interface ISection
{
    IReadOnlyList<SectionKey> Keys { get; }
}
