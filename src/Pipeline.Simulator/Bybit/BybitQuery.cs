using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Pipeline.Simulator.Bybit;

/// <summary>Query parameters as the venue checks them.</summary>
internal sealed class BybitQuery(IQueryCollection values, BybitDirectory directory)
{
    private static readonly string[] Categories = ["spot", "linear", "inverse", "option"];

    /// <summary>Null when it is not given.</summary>
    public string? Text(string name) => values[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>The other categories exist and are empty.</summary>
    /// <exception cref="BybitRestException">There is no such category.</exception>
    public string Category() => Text("category") is { } category && Categories.Contains(category, StringComparer.Ordinal)
        ? category
        : throw new BybitRestException("params error: Category is invalid");

    /// <exception cref="BybitRestException">It is no whole number within the bounds.</exception>
    public long Integer(string name, long fallback, long least, long most) => Text(name) is not { } text ? fallback
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
        : throw new BybitRestException($"params error: {name} is invalid");

    /// <exception cref="BybitRestException">It is missing or not listed.</exception>
    public BybitSymbol Symbol() => Category() == "spot" && Text("symbol") is { } name && directory.TryFind(name, out var symbol)
        ? symbol
        : throw new BybitRestException("Not supported symbols");

    /// <summary>One symbol or all.</summary>
    public IReadOnlyList<BybitSymbol> Symbols() => Text("symbol") is not null ? [Symbol()] : Category() == "spot" ? directory.Symbols : [];
}
