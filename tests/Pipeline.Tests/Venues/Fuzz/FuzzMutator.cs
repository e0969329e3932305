using System.Globalization;
using System.Text;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>Changes frames: some say the same in another way, some say something else or nothing.</summary>
internal sealed class FuzzMutator(IReadOnlyList<FuzzNode> corpus)
{
    private static readonly byte[] Telling = [.. "{}[]\",:\\-.0123456789eE truefalsnull\u0000\t\r\n"u8];

    private static readonly string[] UnknownNames = ["\"brandNew\"", "\"zz\"", "\"\"", "\"\\u007a\\u0039\"", "\"\u00e9\u5e01\"", "\"a b\"", "\"px \"", "\"\\\"e\\\"\""];

    private static readonly string[] UnknownValues =
    [
        "null", "true", "0", "-1.5e300", "\"\"", "\"x\"", "\"\\u00e9\\n\\\"\"", "\"\u5e01\u5b89\"", "[]", "{}", "[null,[1,{\"p\":\"9\"}]]",
        "{\"e\":\"trade\",\"p\":\"9\",\"data\":[{\"px\":\"9\",\"s\":null}],\"topic\":\"y\",\"arg\":{\"channel\":\"books\"}}",
    ];

    private static readonly string[] OddValues =
    [
        "null", "true", "false", "0", "-1", "-0", "1", "7", "1.5", "1e3", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "99999999999999999999999999", "\"\"", "\"0\"", "\"-0\"", "\"-1\"", "\"+5\"", "\" 1\"", "\"1 \"", "\"1.\"", "\".5\"", "\"1e5\"", "\"00.10\"", "\"0x1\"",
        "\"999999999999999999\"", "\"1000000000000000000\"", "\"0.000000000000000000000000000000000001\"", "\"0.0000000000000000000000000000000000001\"",
        "\"123456789012345678901234567890\"", "\"12345678.12345678\"", "\"1\\u0030\"", "\"NaN\"", "\"\\ud800\"", "\"\u0661\"", "\"9223372036854775807\"",
        "\"9223372036854775808\"", "4102444799999", "4102444800000", "\"4102444800000\"", "[]", "{}", "[[]]", "[[\"1\"]]", "[[\"1\",\"2\",\"3\"]]", "[[\"-1\",\"2\"]]",
        "[[\"1\",\"2\"],[\"3\",\"0\"]]", "\"X\"", "\"buy\"", "\"SELL\"", "\"delta\"", "\"snapshot\"", "\"1h\"",
    ];

    private readonly FuzzNode[] _nodes = [.. corpus.SelectMany(frame => frame.All())];

    private readonly string[] _names =
        [.. corpus.SelectMany(frame => frame.All()).SelectMany(node => node.Members ?? []).Select(member => member.Key).Distinct(StringComparer.Ordinal)];

    /// <summary>Decides everything; set per batch, so that a batch is made again from its seed.</summary>
    public Random Random { get; set; } = new(0);

    /// <summary>The same with members in another order, members that nobody knows, and white space.</summary>
    public byte[] Disguise(FuzzNode frame)
    {
        var copy = frame.Clone();
        foreach (var node in copy.All().Where(node => node.Members is not null))
        {
            var members = node.Members!.ToArray();
            Random.Shuffle(members);
            node.Members = [.. members];
            for (var more = Random.Next(3); more > 0; more--)
            {
                // Distinct names: a name said twice would be another matter.
                var name = UnknownNames[Random.Next(UnknownNames.Length)];
                if (!node.Members.Exists(member => member.Key == name))
                {
                    node.Members.Insert(Random.Next(node.Members.Count + 1), KeyValuePair.Create(name, new FuzzNode { Scalar = UnknownValues[Random.Next(UnknownValues.Length)] }));
                }
            }
        }

        return copy.Write(Random.Next(2) == 0 ? static () => "" : Space);
    }

    /// <summary>Anything at all.</summary>
    public byte[] Damage(FuzzNode frame)
    {
        if (Random.Next(50) == 0)
        {
            return Noise();
        }

        var copy = frame.Clone();
        for (var changes = Random.Next(4); changes > 0; changes--)
        {
            ChangeTree(copy);
        }

        var bytes = Random.Next(3) == 0 ? Disguise(copy) : copy.Write(Random.Next(8) == 0 ? Space : static () => "");
        for (var changes = Math.Max(0, Random.Next(5) - 2); changes > 0 && bytes.Length > 0; changes--)
        {
            bytes = ChangeBytes(bytes);
        }

        return bytes;
    }

    private void ChangeTree(FuzzNode frame)
    {
        var nodes = frame.All();
        var node = nodes[Random.Next(nodes.Count)];
        var other = nodes[Random.Next(nodes.Count)];
        var holder = nodes.FindAll(each => each.Members is { Count: > 0 }) is { Count: > 0 } holders ? holders[Random.Next(holders.Count)] : null;
        switch (Random.Next(10))
        {
            case 0:
                Put(node, new FuzzNode { Scalar = OddValues[Random.Next(OddValues.Length)] });
                break;
            case 1 when node.Members is null && node.Items is null && other.Members is null && other.Items is null:
                (node.Scalar, other.Scalar) = (other.Scalar, node.Scalar);
                break;
            case 2 when holder is not null:
                var twice = holder.Members![Random.Next(holder.Members.Count)];
                var value = Random.Next(3) == 0 ? twice.Value.Clone() : new FuzzNode { Scalar = OddValues[Random.Next(OddValues.Length)] };
                holder.Members.Insert(Random.Next(holder.Members.Count + 1), KeyValuePair.Create(twice.Key, value));
                break;
            case 3 when holder is not null:
                holder.Members!.RemoveAt(Random.Next(holder.Members.Count));
                break;
            case 4 when holder is not null:
                Rename(holder, _names[Random.Next(_names.Length)]);
                break;
            case 5 when holder is not null:
                holder.Members!.Add(KeyValuePair.Create(_names[Random.Next(_names.Length)], Pick().Clone()));
                break;
            case 6 when holder is not null:
                Rename(holder, null);
                break;
            case 7 when node.Scalar.StartsWith('"'):
                node.Scalar = Escape(node.Scalar);
                break;
            case 8 when node.Items is { Count: > 0 }:
                node.Items.Insert(Random.Next(node.Items.Count + 1), Random.Next(2) == 0 ? node.Items[0].Clone() : Pick().Clone());
                break;
            case 9:
                var depth = Random.Next(1, 80);
                Put(node, new FuzzNode { Scalar = new string('[', depth) + new string(']', depth) });
                break;
        }
    }

    private byte[] ChangeBytes(byte[] bytes)
    {
        var at = Random.Next(bytes.Length);
        var length = Random.Next(1, Math.Min(24, bytes.Length - at) + 1);
        switch (Random.Next(7))
        {
            case 0:
                return bytes[..at];
            case 1:
                bytes[at] ^= (byte)(1 << Random.Next(8));
                return bytes;
            case 2:
                bytes[at] = Telling[Random.Next(Telling.Length)];
                return bytes;
            case 3:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 4:
                return [.. bytes[..(at + length)], .. bytes[at..]];
            case 5:
                return [.. bytes, .. corpus[Random.Next(corpus.Count)].Write(static () => "")];
            default:
                return [.. bytes[..at], (byte)Random.Next(256), .. bytes[at..]];
        }
    }

    private byte[] Noise()
    {
        if (Random.Next(2) == 0)
        {
            return Encoding.UTF8.GetBytes(OddValues[Random.Next(OddValues.Length)]);
        }

        var bytes = new byte[Random.Next(200)];
        Random.NextBytes(bytes);
        return bytes;
    }

    private FuzzNode Pick() => _nodes[Random.Next(_nodes.Length)];

    /// <summary>Another name, or the same one with a letter written as an escape.</summary>
    private void Rename(FuzzNode holder, string? name)
    {
        var at = Random.Next(holder.Members!.Count);
        var member = holder.Members[at];
        holder.Members[at] = KeyValuePair.Create(name ?? Escape(member.Key), member.Value);
    }

    private string Escape(string quoted)
    {
        if (quoted.Length < 3 || quoted.Contains('\\', StringComparison.Ordinal))
        {
            return quoted;
        }

        var at = Random.Next(1, quoted.Length - 1);
        return string.Create(CultureInfo.InvariantCulture, $"{quoted[..at]}\\u{(int)quoted[at]:x4}{quoted[(at + 1)..]}");
    }

    private string Space() => Random.Next(4) == 0 ? " \t\r\n"[Random.Next(4)].ToString() : "";

    private static void Put(FuzzNode target, FuzzNode value) => (target.Scalar, target.Members, target.Items) = (value.Scalar, value.Members, value.Items);
}
