using System.Globalization;

namespace Pipeline.Kafka.Records;

/// <summary>
/// Keys of <c>md.state</c> that are no instrument's: those begin with <c>#</c>, and no venue's name does.
/// </summary>
public static class StateKeys
{
    /// <summary>Who owns the partition: claims, signs of life, releases.</summary>
    public const string Owner = "#owner";

    /// <summary>The id of the log, in partition 0.</summary>
    public const string Log = "#log";

    /// <summary>Up to where the states of a partition tell all: <c>#p7</c>.</summary>
    public static string Marker(int partition) => string.Create(CultureInfo.InvariantCulture, $"#p{partition}");

    /// <summary>True when the key is an instrument's.</summary>
    public static bool IsInstrument(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return !key.StartsWith('#');
    }
}
