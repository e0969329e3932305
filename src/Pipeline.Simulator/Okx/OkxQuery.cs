using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Okx;

/// <summary>Query parameters as the venue checks them.</summary>
internal sealed class OkxQuery(IQueryCollection values, OkxDirectory directory)
{
    /// <summary>Null when it is not given.</summary>
    public string? Text(string name) => values[name].ToString() is { Length: > 0 } text ? text : null;

    /// <exception cref="OkxRestException">It is no whole number.</exception>
    public long? Integer(string name) => Text(name) is not { } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value
        : throw OkxRestException.BadParameter(name);

    /// <summary>A number of rows; the venue cuts what is more than it gives.</summary>
    public int Limit(string name, int fallback, int most) => (int)Math.Clamp(Integer(name) ?? fallback, 1, most);

    /// <exception cref="OkxRestException">It is missing or not listed.</exception>
    public OkxInstrument Instrument(string name = "instId") => Text(name) is not { } id ? throw OkxRestException.BadParameter(name)
        : directory.TryFind(id, out var instrument) ? instrument
        : throw OkxRestException.NoInstrument();

    /// <summary>The instruments of a type, narrowed by whatever else is given.</summary>
    /// <exception cref="OkxRestException">The type is missing or unknown, or there is no such instrument.</exception>
    public IReadOnlyList<OkxInstrument> Instruments()
    {
        var type = Text("instType");
        if (type is null || !OkxDirectory.InstrumentTypes.Contains(type, StringComparer.Ordinal))
        {
            throw OkxRestException.BadParameter("instType");
        }

        var found = directory.Instruments.Where(instrument => type == (instrument.Spec.IsPerpetual ? "SWAP" : "SPOT"));
        if ((Text("instFamily") ?? Text("uly")) is { } family)
        {
            found = found.Where(instrument => instrument.Spec.IsPerpetual && instrument.Family == family);
        }

        if (Text("instId") is { } id)
        {
            found = found.Where(instrument => instrument.Spec.Symbol == id).ToList();
            return found.Any() ? [.. found] : throw OkxRestException.NoInstrument();
        }

        return [.. found];
    }
}
