using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pipeline.Core.Topology.Yaml;

/// <summary>
/// Reads one YAML document into nodes. Built from parser events and not on YamlDotNet's own tree, because that one recurses without
/// bound on nested brackets, stops at the first duplicate key and unfolds aliases without a limit.
/// </summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 32;

    // A topology has some hundred nodes; an alias bomb has millions.
    private const int MaxNodes = 50_000;

    private readonly Parser _parser;
    private readonly Dictionary<AnchorName, Node?> _anchors = [];
    private readonly Stack<(char Bracket, Position At)> _open = [];

    private YamlTree(string text) => _parser = new Parser(new StringReader(text));

    /// <summary>Null when there is no document at all, or only comments.</summary>
    /// <exception cref="YamlFault">The text is not YAML, or more than a topology may be.</exception>
    public static Node? Read(string text)
    {
        var tree = new YamlTree(text);
        try
        {
            return tree.ReadDocument();
        }
        catch (YamlException fault)
        {
            // Of a tab the parser names the value before it, and where the tab is as the end.
            var message = Describe(fault);
            var place = message.Contains(" tab ", StringComparison.Ordinal) ? fault.End : fault.Start;
            throw new YamlFault(Inside(text, At(place)), message, tree.Advise());
        }
        catch (Exception fault) when (fault is not YamlFault)
        {
            // The parser fails in other ways too on malformed text; the end of what it has understood is the best place to name.
            var place = tree._parser.Current is { } current ? At(current.End) : Position.Start;
            throw new YamlFault(Inside(text, place), "what follows is not YAML", tree.Advise());
        }
    }

    private static Position At(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    /// <summary>An error at the end of the text is shown on its last line that says something.</summary>
    private static Position Inside(string text, Position place)
    {
        var lines = text.AsSpan().TrimEnd().Count('\n') + 1;
        if (place.Line <= lines)
        {
            return place;
        }

        var last = text.AsSpan().TrimEnd();
        return new Position(lines, last.Length - last.LastIndexOf('\n'));
    }

    private static string Describe(YamlException fault)
    {
        var message = (fault.InnerException ?? fault).Message.TrimEnd('.');
        return message.Length == 0 ? "this is not YAML" : char.ToLowerInvariant(message[0]) + message[1..];
    }

    private string Advise() => _open.TryPeek(out var open)
        ? $"is the {open.Bracket} of line {open.At.Line}, column {open.At.Column} closed?"
        : "check indentation, quotes and brackets here and on the line above";

    private Position Here() => _parser.Current is { } current ? At(current.Start) : Position.Start;

    private Node? ReadDocument()
    {
        Next();
        Next();
        if (_parser.Current is StreamEnd)
        {
            return null;
        }

        Next();
        var root = ReadNode(1);
        Next();
        if (_parser.Current is not StreamEnd)
        {
            throw new YamlFault(Here(), "a second document starts here", "a topology file is one document: remove the '---'");
        }

        return root;
    }

    /// <summary>Reads the node whose first event is the current one, and leaves the event after it current.</summary>
    private Node ReadNode(int depth)
    {
        var start = _parser.Current!;
        var position = At(start.Start);
        if (depth > MaxDepth)
        {
            throw new YamlFault(position, $"this is nested deeper than {MaxDepth} levels", "no key of a topology lies that deep");
        }

        if (start is AnchorAlias alias)
        {
            Next();
            return Resolve(alias.Value, position);
        }

        var anchor = start is NodeEvent { Anchor.IsEmpty: false } named ? named.Anchor : default;
        if (!anchor.IsEmpty)
        {
            // Known but not yet finished: an alias to it from inside would be endless.
            _anchors[anchor] = null;
        }

        Node node = start switch
        {
            Scalar scalar => ReadScalar(scalar, position),
            SequenceStart sequence => ReadSequence(sequence, position, depth),
            MappingStart mapping => ReadMapping(mapping, position, depth),
            _ => throw new YamlFault(position, "this is not YAML"),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor] = node;
        }

        return node;
    }

    private ScalarNode ReadScalar(Scalar scalar, Position position)
    {
        RefuseTag(scalar, position);
        Next();
        return new ScalarNode(position, scalar.Value, scalar.Style is ScalarStyle.Plain);
    }

    private SequenceNode ReadSequence(SequenceStart start, Position position, int depth)
    {
        RefuseTag(start, position);
        Open(start.Style is SequenceStyle.Flow, '[', position);
        Next();
        var items = new List<Node>();
        var size = 1;
        while (_parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
            size = Grow(size, items[^1].Size, position);
        }

        Next();
        Close(start.Style is SequenceStyle.Flow);
        return new SequenceNode(position, items, size);
    }

    private MappingNode ReadMapping(MappingStart start, Position position, int depth)
    {
        RefuseTag(start, position);
        Open(start.Style is MappingStyle.Flow, '{', position);
        Next();
        var entries = new List<MappingEntry>();
        var size = 1;
        while (_parser.Current is not MappingEnd)
        {
            var at = At(_parser.Current!.Start);
            if (ReadNode(depth + 1) is not ScalarNode key)
            {
                throw new YamlFault(at, "a key must be a word", "write key: value");
            }

            entries.Add(new MappingEntry(key.Text, at, ReadNode(depth + 1)));
            size = Grow(size, 1 + entries[^1].Value.Size, position);
        }

        Next();
        Close(start.Style is MappingStyle.Flow);
        return new MappingNode(position, entries, size);
    }

    private void Open(bool isFlow, char bracket, Position at)
    {
        if (isFlow)
        {
            _open.Push((bracket, at));
        }
    }

    private void Close(bool isFlow)
    {
        if (isFlow)
        {
            _open.Pop();
        }
    }

    private Node Resolve(AnchorName name, Position position)
    {
        if (!_anchors.TryGetValue(name, out var node))
        {
            throw new YamlFault(position, $"there is no anchor '&{name.Value}' above",
                "an alias repeats what an anchor has marked before it; a text that begins with * is written in quotes");
        }

        return node ?? throw new YamlFault(position, $"the alias '*{name.Value}' lies inside what it stands for");
    }

    private static int Grow(int size, int by, Position position) =>
        size + by <= MaxNodes
            ? size + by
            : throw new YamlFault(position, $"this unfolds to more than {MaxNodes} values", "use fewer aliases, or split the file");

    private static void RefuseTag(NodeEvent node, Position position)
    {
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw new YamlFault(position, $"the tag '{node.Tag.Value}' has no meaning here", "remove it");
        }
    }

    private void Next()
    {
        if (!_parser.MoveNext())
        {
            throw new YamlFault(Here(), "the text ends too early");
        }
    }
}
