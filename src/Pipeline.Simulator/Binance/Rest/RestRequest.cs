using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Binance.Rest;

/// <summary>A REST request and the world it asks about; reads parameters as the venue does, names as they are spelled.</summary>
internal sealed partial class RestRequest(IQueryCollection query, BinanceRest rest, long now, long divisor)
{
    // From here on a time can only be in microseconds: in milliseconds it would be the year 5138.
    private const long SmallestMicroseconds = 100_000_000_000_000;
    private const string LegalSymbol = "^[\\\\w\\\\-._&&[^a-z]]{1,50}$";
    private const string LegalInteger = "^[0-9]{1,20}$";

    /// <summary>Microseconds since the Unix epoch.</summary>
    public long Now { get; } = now;

    /// <summary>What the venue takes for now, microseconds: another time than <see cref="Now"/> while its clock is wrong (fault F68).</summary>
    public long ServerTime => Now + Rest.Skew;

    /// <summary>Unit of times in the answer: 1000 = milliseconds, 1 = microseconds.</summary>
    public long Divisor { get; } = divisor;

    public BinanceRest Rest { get; } = rest;

    /// <summary>Null when it was not sent or is empty.</summary>
    public string? Text(string name) => query[name].ToString() is { Length: > 0 } text ? text : null;

    public bool Has(string name) => Text(name) is not null;

    /// <summary>The market that <c>symbol</c> names.</summary>
    public RestMarket Market() => Find("symbol", Text("symbol") ?? throw RestException.Missing("symbol"));

    /// <summary>The markets that <c>symbol</c> or <c>symbols</c> name; all when neither was sent.</summary>
    public IReadOnlyList<RestMarket> Markets()
    {
        if (Text("symbols") is not { } list)
        {
            return Has("symbol") ? [Market()] : Rest.Markets;
        }

        if (Has("symbol"))
        {
            throw RestException.BadCombination();
        }

        return SymbolList().IsMatch(list)
            ? [.. list[1..^1].Split(',').Select(name => Find("symbols", name[1..^1]))]
            : throw RestException.BadCharacters("symbols", "^\\\\[(\\\"[\\\\w\\\\-._&&[^a-z]]{1,50}\\\"){1}(,\\\"[\\\\w\\\\-._&&[^a-z]]{1,50}\\\"){0,}\\\\]$");
    }

    /// <summary>How many symbols were named: 0 = none, which means all.</summary>
    public int SymbolCount() => Has("symbol") ? 1 : Text("symbols") is { } list ? list.Count(c => c == ',') + 1 : 0;

    /// <summary>A whole number, or null when it was not sent.</summary>
    public long? Integer(string name) => Text(name) switch
    {
        null => null,
        var text when text.All(char.IsAsciiDigit) && long.TryParse(text, CultureInfo.InvariantCulture, out var value) => value,
        _ => throw RestException.BadCharacters(name, LegalInteger),
    };

    /// <summary>A moment in microseconds, given in either unit; null when it was not sent.</summary>
    public long? Time(string name) => Integer(name) is { } time
        ? (time >= SmallestMicroseconds ? time : time * UnixTime.Millisecond)
        : null;

    /// <summary>As above for the end of a range, which is included: a millisecond ends with its last microsecond.</summary>
    public long? EndTime(string name) => Integer(name) is { } time
        ? (time >= SmallestMicroseconds ? time : (time * UnixTime.Millisecond) + UnixTime.Millisecond - 1)
        : null;

    /// <summary><c>limit</c>, cut to what the venue gives.</summary>
    public int Limit(int fallback, int most) => Integer("limit") switch
    {
        null => fallback,
        <= 0 => throw RestException.BadValue("limit"),
        var limit => (int)Math.Min(limit.Value, most),
    };

    /// <summary><c>limit</c> for the weight, where a bad one must not matter yet.</summary>
    public int RawLimit(int fallback) => int.TryParse(Text("limit"), CultureInfo.InvariantCulture, out var limit) ? limit : fallback;

    private RestMarket Find(string parameter, string symbol) =>
        !SymbolText().IsMatch(symbol) ? throw RestException.BadCharacters(parameter, LegalSymbol)
        : Rest.Find(symbol) ?? throw RestException.InvalidSymbol();

    [GeneratedRegex("^[\\w\\-.-[a-z]]{1,50}$")]
    private static partial Regex SymbolText();

    [GeneratedRegex("^\\[\"[^\",\\[\\]]{1,50}\"(,\"[^\",\\[\\]]{1,50}\")*\\]$")]
    private static partial Regex SymbolList();
}
