using System.Text;
using System.Text.Json;

namespace Pipeline.Tests.Venues.Fuzz;

/// <summary>A JSON value that can say a name twice; scalars and names are kept as they were written.</summary>
internal sealed class FuzzNode
{
    public string Scalar { get; set; } = "";

    public List<KeyValuePair<string, FuzzNode>>? Members { get; set; }

    public List<FuzzNode>? Items { get; set; }

    public static FuzzNode Parse(byte[] frame)
    {
        using var document = JsonDocument.Parse(frame);
        return From(document.RootElement);
    }

    public static FuzzNode From(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => new FuzzNode
        {
            Members = [.. element.EnumerateObject().Select(member => KeyValuePair.Create(JsonSerializer.Serialize(member.Name), From(member.Value)))],
        },
        JsonValueKind.Array => new FuzzNode { Items = [.. element.EnumerateArray().Select(From)] },
        _ => new FuzzNode { Scalar = element.GetRawText() },
    };

    public FuzzNode Clone() => new()
    {
        Scalar = Scalar,
        Members = Members?.ConvertAll(member => KeyValuePair.Create(member.Key, member.Value.Clone())),
        Items = Items?.ConvertAll(item => item.Clone()),
    };

    /// <summary>This node and all below it.</summary>
    public List<FuzzNode> All()
    {
        var all = new List<FuzzNode>();
        Collect(all);
        return all;
    }

    public byte[] Write(Func<string> space)
    {
        var text = new StringBuilder();
        Write(text, space);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private void Collect(List<FuzzNode> into)
    {
        into.Add(this);
        Members?.ForEach(member => member.Value.Collect(into));
        Items?.ForEach(item => item.Collect(into));
    }

    private void Write(StringBuilder text, Func<string> space)
    {
        text.Append(space());
        if (Members is not null)
        {
            text.Append('{');
            for (var i = 0; i < Members.Count; i++)
            {
                text.Append(i == 0 ? "" : ",").Append(space()).Append(Members[i].Key).Append(space()).Append(':');
                Members[i].Value.Write(text, space);
            }

            text.Append(space()).Append('}');
        }
        else if (Items is not null)
        {
            text.Append('[');
            for (var i = 0; i < Items.Count; i++)
            {
                text.Append(i == 0 ? "" : ",");
                Items[i].Write(text, space);
            }

            text.Append(space()).Append(']');
        }
        else
        {
            text.Append(Scalar);
        }

        text.Append(space());
    }
}
