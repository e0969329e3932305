namespace Pipeline.Host.Tailing;

/// <summary>Picks records by the instrument in their key; without names all pass.</summary>
internal sealed class InstrumentFilter(IReadOnlyCollection<string> names)
{
    public bool Passes(string? key) => names.Count == 0 || (key is not null && names.Any(name => Matches(key, name)));

    /// <summary>Keys are <c>venue:instrument</c>, candles go on with <c>:interval:openTime</c>; a name may leave the venue out.</summary>
    private static bool Matches(string key, string name)
    {
        var parts = key.Split(':');
        return parts.Length >= 2 && (name == parts[1] || name == $"{parts[0]}:{parts[1]}");
    }
}
