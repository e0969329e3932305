namespace Pipeline.Core.Feeds;

/// <summary>The streams of a venue that are not subscribed to. Those of a connection that is not open are not counted: it is told of itself.</summary>
/// <param name="Refused">How many the venue refused. They do not make a venue unready, as long as it has others.</param>
/// <param name="Waiting">How many others.</param>
/// <param name="Named">The worst of them, at most <see cref="MostNamed"/>.</param>
public sealed record StreamTroubles(int Refused, int Waiting, IReadOnlyList<StreamTrouble> Named)
{
    /// <summary>Most streams named.</summary>
    public const int MostNamed = 20;

    public static readonly StreamTroubles None = new(0, 0, []);

    /// <summary>Counts all and names the worst.</summary>
    public static StreamTroubles Of(IEnumerable<StreamTrouble> all)
    {
        ArgumentNullException.ThrowIfNull(all);
        List<StreamTrouble> worst = [.. all.OrderBy(one => one.Kind)];
        var refused = worst.Count(one => one.Kind == StreamTroubleKind.Refused);
        return worst.Count == 0 ? None : new StreamTroubles(refused, worst.Count - refused, [.. worst.Take(MostNamed)]);
    }
}
