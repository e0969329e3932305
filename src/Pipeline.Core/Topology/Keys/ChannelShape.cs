using System.Text.Json.Nodes;
using Pipeline.Core.Feeds;

namespace Pipeline.Core.Topology.Keys;

/// <summary>A kind of data, one of those the venue has.</summary>
/// <param name="allowed">The venue's; empty = all.</param>
internal sealed class ChannelShape(IReadOnlyList<StreamChannel> allowed, string owner) : ScalarShape<StreamChannel>
{
    private readonly string[] _words =
        [.. ChannelNames.All.Where(one => allowed.Count == 0 || allowed.Contains(one.Channel)).Select(one => one.Word)];

    public override string Summary => _words.Length == 1 ? _words[0] : string.Join(", ", _words[..^1]) + " or " + _words[^1];

    protected override Reading<StreamChannel> Parse(string text)
    {
        var known = ChannelNames.All.FirstOrDefault(one => one.Word == text);
        if (known.Word is null)
        {
            return Reading<StreamChannel>.Fail($"unknown channel {Spelling.Quote(text)}", Spelling.Suggest(text, _words));
        }

        return _words.Contains(text)
            ? known.Channel
            : Reading<StreamChannel>.Fail($"{owner} has no channel {text}", $"choose one of {string.Join(", ", _words)}");
    }

    protected override JsonObject Describe() => new() { ["enum"] = new JsonArray([.. _words.Select(word => (JsonNode)word)]) };

    protected override JsonNode Write(StreamChannel value) => ChannelNames.WordOf(value);
}
