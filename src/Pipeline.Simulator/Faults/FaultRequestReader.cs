using System.Globalization;
using Pipeline.Core.Topology.Keys;
using Pipeline.Core.Topology.Yaml;
using Pipeline.Simulator.World;

namespace Pipeline.Simulator.Faults;

/// <summary>
/// Reads <c>{id, venue, connection, stream, symbol, for, count, parameters}</c>, as the body of a request and as a step of a
/// scenario. JSON is read as the YAML that it is.
/// </summary>
/// <param name="idKey">What the key of the fault's id is called.</param>
/// <param name="moreKeys">Keys that somebody else reads.</param>
internal sealed class FaultRequestReader(string idKey, params string[] moreKeys)
{
    private const int MostStrikes = 1_000_000_000;
    private const int LongestName = 200;

    private readonly string[] _keys = [idKey, "venue", "connection", "stream", "symbol", "for", "count", "parameters", .. moreKeys];

    /// <exception cref="FaultRequestException">Something in it is unknown or out of bounds.</exception>
    public FaultRequest Read(Node? node)
    {
        if (node is not MappingNode mapping)
        {
            throw new FaultRequestException(node?.Position ?? Position.Start, $"Write a mapping with {string.Join(", ", _keys)}.");
        }

        Check(mapping, _keys, "key");
        var definition = ReadId(mapping);
        var filter = ReadFilter(mapping, definition);
        var duration = Optional(mapping, "for") is { } time ? ReadDuration(time, "for") : (TimeSpan?)null;
        var count = Optional(mapping, "count") is { } number ? (int)ReadWhole(number, "count", 1, MostStrikes) : (int?)null;
        var request = new FaultRequest(definition, filter, duration, count, ReadParameters(mapping, definition));
        return request.Completed();
    }

    /// <summary>The value of a key; null when it is not there or null.</summary>
    public static ScalarNode? Optional(MappingNode mapping, string key) => mapping.Entries.LastOrDefault(entry => entry.Key == key)?.Value switch
    {
        null or ScalarNode { IsNull: true } => null,
        ScalarNode scalar => scalar,
        var other => throw new FaultRequestException(other.Position, $"{key} must be a single value."),
    };

    public static TimeSpan ReadDuration(ScalarNode node, string key) => FaultText.TryDuration(node.Text, out var duration)
        ? duration
        : throw new FaultRequestException(
            node.Position, $"{key}: '{node.Text}' is no duration of at most 40d; write a number with ms, s, m, h or d, such as 30s.");

    public static long ReadWhole(ScalarNode node, string key, long least, long most) =>
        long.TryParse(node.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new FaultRequestException(
                node.Position, string.Create(CultureInfo.InvariantCulture, $"{key} must be a whole number from {least} to {most}, not '{node.Text}'."));

    /// <summary>Refuses keys that do not exist or come twice.</summary>
    public static void Check(MappingNode mapping, IReadOnlyList<string> known, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            if (!known.Contains(entry.Key))
            {
                var there = known.Count == 0 ? "there are none here" : Spelling.Suggest(entry.Key, [.. known], "known here:");
                throw new FaultRequestException(entry.KeyPosition, $"There is no {what} '{entry.Key}': {there}.");
            }

            if (!seen.Add(entry.Key))
            {
                throw new FaultRequestException(entry.KeyPosition, $"The {what} '{entry.Key}' is given twice.");
            }
        }
    }

    private FaultDefinition ReadId(MappingNode mapping)
    {
        var node = Optional(mapping, idKey)
            ?? throw new FaultRequestException(mapping.Position, $"{idKey} is missing; GET /faults/catalog lists the ids, such as F07.");
        var definition = FaultCatalog.Find(node.Text) ?? throw new FaultRequestException(
            node.Position, $"There is no fault '{node.Text}'; there are {string.Join(", ", FaultCatalog.All.Select(one => one.Id))}.");
        return definition.Refusal is { } refusal ? throw new FaultRequestException(node.Position, refusal) : definition;
    }

    private static FaultFilter ReadFilter(MappingNode mapping, FaultDefinition definition)
    {
        var connection = Allowed(mapping, "connection", definition.TakesConnection, definition);
        var stream = Allowed(mapping, "stream", definition.TakesStream, definition);
        var symbol = Allowed(mapping, "symbol", definition.TakesSymbol, definition);
        if (definition.Id == FaultId.F41 && stream is null && symbol is null)
        {
            throw new FaultRequestException(mapping.Position, "F41 needs a stream or a symbol; F40 stops all of them.");
        }

        return new FaultFilter(
            Optional(mapping, "venue") is { } venue ? ReadVenue(venue, definition) : null,
            connection is null ? null : (int)ReadWhole(connection, "connection", 1, int.MaxValue),
            stream is null ? null : ReadName(stream, "stream"),
            symbol is null ? null : ReadName(symbol, "symbol"));
    }

    private static ScalarNode? Allowed(MappingNode mapping, string key, bool isAllowed, FaultDefinition definition)
    {
        var node = Optional(mapping, key);
        return node is null || isAllowed
            ? node
            : throw new FaultRequestException(node.Position, $"{definition.Id} ({definition.Title}) takes no {key}.");
    }

    private static string ReadName(ScalarNode node, string key) => node.Text.Length is > 0 and <= LongestName
        ? node.Text
        : throw new FaultRequestException(node.Position, $"{key} must have 1 to {LongestName} characters.");

    private static SimulatedVenue ReadVenue(ScalarNode node, FaultDefinition definition) =>
        SimulatedVenueNames.TryFind(node.Text, out var venue) && definition.Venues.Contains(venue)
            ? venue
            : throw new FaultRequestException(
                node.Position,
                $"venue: {definition.Id} concerns {string.Join(", ", definition.Venues.Select(one => one.Name()))}, not '{node.Text}'.");

    private static Dictionary<string, string> ReadParameters(MappingNode mapping, FaultDefinition definition)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var node = mapping.Entries.LastOrDefault(entry => entry.Key == "parameters")?.Value;
        if (node is null or ScalarNode { IsNull: true })
        {
            return values;
        }

        if (node is not MappingNode given)
        {
            throw new FaultRequestException(node.Position, "parameters must be a mapping of names to values.");
        }

        Check(given, [.. definition.Parameters.Select(parameter => parameter.Name)], $"parameter of {definition.Id}");
        foreach (var parameter in definition.Parameters)
        {
            if (Optional(given, parameter.Name) is { } value)
            {
                values[parameter.Name] = parameter.Takes(value.Text)
                    ? value.Text
                    : throw new FaultRequestException(
                        value.Position, $"parameters.{parameter.Name} must be {parameter.Possible}, not '{value.Text}'.");
            }
        }

        return values;
    }
}
