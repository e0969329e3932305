namespace Pipeline.Core.Feeds;

/// <summary>How the legs of a connection are told apart: <c>binance-1a</c> and <c>binance-1b</c> stand side by side at <c>binance-1</c>.</summary>
internal static class LegNames
{
    private static readonly string[] Letters = ["a", "b"];

    /// <summary>What is added to a connection's name for each of its legs; nothing where there is only one.</summary>
    public static IReadOnlyList<string> Suffixes(int legs) => legs == 1 ? [""] : Letters;

    /// <summary>Null where a connection has one leg, which bears its name.</summary>
    public static string? Of(string connection, int leg, int legs) => legs == 1 ? null : connection + Letters[leg];

    /// <summary>The connection that a leg belongs to; any other name as it is.</summary>
    public static string ConnectionOf(string name) =>
        name.Length > 1 && name[^1] is 'a' or 'b' && char.IsAsciiDigit(name[^2]) ? name[..^1] : name;
}
