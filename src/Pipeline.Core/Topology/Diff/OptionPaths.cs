using System.Collections;
using System.Reflection;
using Pipeline.Core.Candles;

namespace Pipeline.Core.Topology.Diff;

/// <summary>
/// Which keys two options records differ in. It walks the records themselves, so that a key that is added is never forgotten here: what
/// nobody has said anything about is told as changed.
/// </summary>
internal static class OptionPaths
{
    // Where a property is not called as its key.
    private static readonly Dictionary<(Type, string), string> Keys = new()
    {
        [(typeof(VenueOptions), nameof(VenueOptions.WebSocketEndpoint))] = "endpoints.webSocket",
        [(typeof(VenueOptions), nameof(VenueOptions.RestEndpoint))] = "endpoints.rest",
        [(typeof(VenueOptions), nameof(VenueOptions.WebSocket))] = "websocket",
        [(typeof(Feeds.PoolOptions), nameof(Feeds.PoolOptions.MaxConnections))] = "maxConnectionsPerPool",

        // Its keys stand among the candles' own.
        [(typeof(CandleOptions), nameof(CandleOptions.Service))] = "",
    };

    /// <summary>Paths of the keys that differ, such as <c>pool.batchSize</c>; a section that only one has is one path.</summary>
    public static IEnumerable<string> Between(object before, object after, params IReadOnlyCollection<string> except) =>
        PropertiesOf(before.GetType()).Where(property => !except.Contains(property.Name)).SelectMany(
            property => Between(NameOf(before.GetType(), property), property.GetValue(before), property.GetValue(after)));

    /// <summary>Every path that can be told of a record.</summary>
    public static IEnumerable<string> All(Type type, params IReadOnlyCollection<string> except) =>
        PropertiesOf(type).Where(property => !except.Contains(property.Name)).SelectMany(property =>
            IsSection(property.PropertyType)
                ? All(property.PropertyType).Select(inner => Join(NameOf(type, property), inner))
                : [NameOf(type, property)]);

    private static IEnumerable<string> Between(string path, object? before, object? after)
    {
        if (before is not null && after is not null && IsSection(before.GetType()))
        {
            return Between(before, after).Select(inner => Join(path, inner));
        }

        return AreEqual(before, after) ? [] : [path];
    }

    private static bool AreEqual(object? before, object? after) => (before, after) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (IDictionary one, IDictionary other) =>
            one.Count == other.Count && one.Keys.Cast<object>().All(key => other.Contains(key) && AreEqual(one[key], other[key])),
        (string one, string other) => one == other,
        (IEnumerable one, IEnumerable other) => AreEqual([.. one.Cast<object?>()], [.. other.Cast<object?>()]),
        _ when IsSection(before.GetType()) => before.GetType() == after.GetType() && !Between(before, after).Any(),
        _ => before.Equals(after),
    };

    private static bool AreEqual(List<object?> before, List<object?> after) =>
        before.Count == after.Count && before.Zip(after).All(pair => AreEqual(pair.First, pair.Second));

    /// <summary>Options are classes of ours that are set by initialisers; what is worth a single key has none.</summary>
    private static bool IsSection(Type type) =>
        type.IsClass && type.Assembly == typeof(OptionPaths).Assembly && PropertiesOf(type).Any();

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property is { CanWrite: true, CanRead: true } && property.GetIndexParameters().Length == 0);

    private static string Join(string section, string key) => section.Length == 0 ? key : $"{section}.{key}";

    private static string NameOf(Type type, PropertyInfo property) =>
        Keys.TryGetValue((type, property.Name), out var key) ? key : char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
}
