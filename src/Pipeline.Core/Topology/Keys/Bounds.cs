using System.Globalization;

namespace Pipeline.Core.Topology.Keys;

/// <summary>Says a range in words, the same way everywhere.</summary>
internal static class Bounds
{
    /// <summary>How numbers are written: no exponent, no thousands, no blanks.</summary>
    public const NumberStyles Digits = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    /// <summary>" from 1 to 64", " of at least 1" or nothing, depending on which ends are open.</summary>
    public static string Describe<T>(T minimum, T maximum, T lowest, T highest)
        where T : IEquatable<T> =>
        (minimum.Equals(lowest), maximum.Equals(highest)) switch
        {
            (true, true) => "",
            (false, true) => string.Create(CultureInfo.InvariantCulture, $" of at least {minimum}"),
            (true, false) => string.Create(CultureInfo.InvariantCulture, $" of at most {maximum}"),
            _ => string.Create(CultureInfo.InvariantCulture, $" from {minimum} to {maximum}"),
        };

    public static string Complain<T>(T value, T minimum, T maximum)
        where T : IComparable<T> =>
        value.CompareTo(minimum) < 0
            ? string.Create(CultureInfo.InvariantCulture, $"must be at least {minimum}, not {value}")
            : string.Create(CultureInfo.InvariantCulture, $"must be at most {maximum}, not {value}");
}
