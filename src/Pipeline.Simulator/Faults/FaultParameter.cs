using System.Globalization;

namespace Pipeline.Simulator.Faults;

/// <summary>One thing about a fault that can be chosen, with its default and its bounds.</summary>
internal sealed record FaultParameter
{
    private const int LongestText = 200;

    private long _least;
    private long _most;
    private bool _isDuration;
    private string[] _choices = [];

    private FaultParameter(string name, string fallback, string meaning) => (Name, Default, Meaning) = (name, fallback, meaning);

    public string Name { get; }

    public string Default { get; }

    public string Meaning { get; }

    /// <summary>What may be written, in words.</summary>
    public string Possible => _choices.Length > 0 ? $"one of {string.Join(", ", _choices)}"
        : _isDuration ? $"a duration from {FaultText.Duration(new TimeSpan(_least))} to {FaultText.Duration(new TimeSpan(_most))}"
        : _most > 0 ? string.Create(CultureInfo.InvariantCulture, $"a whole number from {_least} to {_most}")
        : $"1 to {LongestText} characters";

    public static FaultParameter Duration(string name, string fallback, string least, string most, string meaning) =>
        new(name, fallback, meaning) { _isDuration = true, _least = Ticks(least), _most = Ticks(most) };

    public static FaultParameter Whole(string name, long fallback, long least, long most, string meaning) =>
        new(name, fallback.ToString(CultureInfo.InvariantCulture), meaning) { _least = least, _most = most };

    public static FaultParameter Choice(string name, string[] choices, string meaning) =>
        new(name, choices[0], meaning) { _choices = choices };

    public static FaultParameter Text(string name, string fallback, string meaning) => new(name, fallback, meaning);

    /// <summary>True when <paramref name="text"/> is one of what is possible.</summary>
    public bool Takes(string text)
    {
        if (_choices.Length > 0)
        {
            return _choices.Contains(text);
        }

        if (_isDuration)
        {
            return FaultText.TryDuration(text, out var duration) && duration.Ticks >= _least && duration.Ticks <= _most;
        }

        return _most == 0
            ? text.Length is > 0 and <= LongestText
            : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
                && whole >= _least && whole <= _most;
    }

    private static long Ticks(string text) => FaultText.TryDuration(text, out var duration)
        ? duration.Ticks
        : throw new ArgumentException($"'{text}' is no duration.", nameof(text));
}
