using System.Text.Json.Nodes;

namespace Pipeline.Core.Topology.Keys;

/// <summary>One of a few words.</summary>
/// <param name="noun">What the words are, such as "channel".</param>
internal sealed class ChoiceShape<T>(string noun, IReadOnlyList<(string Word, T Value)> choices) : ScalarShape<T>
    where T : notnull
{
    private readonly string[] _words = [.. choices.Select(choice => choice.Word)];

    public override string Summary => _words.Length == 1 ? _words[0] : string.Join(", ", _words[..^1]) + " or " + _words[^1];

    protected override Reading<T> Parse(string text)
    {
        foreach (var (word, value) in choices)
        {
            if (word == text)
            {
                return value;
            }
        }

        return Reading<T>.Fail($"unknown {noun} {Spelling.Quote(text)}", Spelling.Suggest(text, _words));
    }

    protected override JsonObject Describe() => new() { ["enum"] = new JsonArray([.. _words.Select(word => (JsonNode)word)]) };

    protected override JsonNode? Write(T value)
    {
        foreach (var choice in choices)
        {
            if (choice.Value.Equals(value))
            {
                return choice.Word;
            }
        }

        return null;
    }
}
