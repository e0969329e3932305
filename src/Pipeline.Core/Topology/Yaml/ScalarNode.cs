namespace Pipeline.Core.Topology.Yaml;

/// <param name="IsPlain">False when the text was quoted or a block: such text is never a number, a boolean or null.</param>
internal sealed record ScalarNode(Position Position, string Text, bool IsPlain) : Node(Position, 1)
{
    public bool IsNull => IsPlain && Text is ("" or "~" or "null" or "Null" or "NULL");
}
