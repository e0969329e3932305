using System.Globalization;

namespace Pipeline.EndToEndTests.Chaos;

/// <summary>What is done in which order: the same for the same seed.</summary>
internal sealed class ChaosPlan
{
    /// <summary>How often each kind is done in one round: 42 things, 5 of them kills.</summary>
    private static readonly (ChaosKind Kind, int Times)[] Round =
    [
        (ChaosKind.Cut, 5), (ChaosKind.Stall, 3), (ChaosKind.Duplicate, 5), (ChaosKind.Reorder, 5), (ChaosKind.Drop, 5),
        (ChaosKind.Hole, 3), (ChaosKind.RestError, 6), (ChaosKind.BrokerOutage, 5), (ChaosKind.Kill, 5),
    ];

    private readonly Random _random;
    private readonly IReadOnlyList<string> _keys;
    private readonly Dictionary<ChaosKind, int> _variants = [];

    public ChaosPlan(int seed, IReadOnlyList<string> keys)
    {
        Seed = seed;
        _random = new Random(seed);
        _keys = keys;
    }

    public int Seed { get; }

    /// <summary>The environment's seed, or a new one.</summary>
    public static int ChooseSeed() => Environment.GetEnvironmentVariable("PIPELINE_CHAOS_SEED") is { Length: > 0 } text
        ? int.Parse(text, CultureInfo.InvariantCulture)
        : Random.Shared.Next(1, 1_000_000);

    /// <summary>The next round, in an order of its own; every way of doing a kind comes in turn.</summary>
    public IReadOnlyList<ChaosStep> NextRound()
    {
        var kinds = Round.SelectMany(one => Enumerable.Repeat(one.Kind, one.Times)).ToArray();
        _random.Shuffle(kinds);
        return [.. kinds.Select(Make)];
    }

    private ChaosStep Make(ChaosKind kind)
    {
        var variant = _variants[kind] = _variants.GetValueOrDefault(kind, _random.Next(100)) + 1;
        return new ChaosStep(
            kind,
            _keys[_random.Next(_keys.Count)],
            _random.Next(1, 9),
            variant,
            TimeSpan.FromMilliseconds(_random.Next(500, 3_000)),
            TimeSpan.FromMilliseconds(_random.Next(0, 600)),
            _random.Next(100) < 60);
    }
}
