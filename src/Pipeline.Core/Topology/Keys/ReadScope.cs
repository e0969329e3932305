using Pipeline.Core.Topology.Yaml;

namespace Pipeline.Core.Topology.Keys;

/// <summary>One reading of one file: collects the errors and remembers where each key stands.</summary>
internal sealed class ReadScope(string file, Func<string, string?> environment)
{
    private readonly List<TopologyError> _errors = [];
    private readonly Dictionary<string, (Position Key, Position Value)> _places = new(StringComparer.Ordinal);

    /// <summary>In order of place.</summary>
    public IReadOnlyList<TopologyError> Errors => [.. _errors.OrderBy(error => error.Line).ThenBy(error => error.Column)];

    public int ErrorCount => _errors.Count;

    public string? Variable(string name) => environment(name);

    /// <summary>Notes that a key was given, and where it and its value start.</summary>
    public void Enter(string key, Position keyPosition, Position valuePosition) => _places[key] = (keyPosition, valuePosition);

    public bool IsGiven(string key) => _places.ContainsKey(key);

    public void Fail(string key, Position at, string message, string hint = "") =>
        _errors.Add(new TopologyError(file, at.Line, at.Column, key, message, hint));

    /// <summary>Reports at the value of the key <paramref name="shown"/>, or of the nearest key above when it was left out.</summary>
    public void FailAtValue(string key, string shown, string message, string hint) => Fail(key, PlaceOf(shown).Value, message, hint);

    /// <summary>Reports at the word of the key itself: something is missing below it.</summary>
    public void FailAtKey(string key, string missing, string message, string hint) =>
        Fail(missing, PlaceOf(key).Key, message, hint);

    /// <summary>
    /// True when one of the errors from number <paramref name="first"/> on is at the key, inside its value, or at a key above it.
    /// </summary>
    public bool HasFailed(string key, int first) =>
        _errors.Skip(first).Any(error => IsWithin(error.Key, key) || IsWithin(key, error.Key));

    private static bool IsWithin(string inner, string outer) =>
        inner.StartsWith(outer, StringComparison.Ordinal)
        && (inner.Length == outer.Length || outer.Length == 0 || inner[outer.Length] is '.' or '[');

    private (Position Key, Position Value) PlaceOf(string key)
    {
        for (var at = key; at.Length > 0; at = at[..Math.Max(0, at.LastIndexOfAny(['.', '[']))])
        {
            if (_places.TryGetValue(at, out var place))
            {
                return place;
            }
        }

        return (Position.Start, Position.Start);
    }
}
