using Pipeline.Tests.Topology;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace Pipeline.Tests.Docker;

/// <summary><c>docker/compose.yaml</c> as maps and lists, anchors and merges resolved.</summary>
internal sealed class ComposeFile
{
    private readonly Dictionary<object, object> _root;

    private ComposeFile(Dictionary<object, object> root) => _root = root;

    public IReadOnlyDictionary<string, Dictionary<object, object>> Services =>
        ((Dictionary<object, object>)_root["services"]).ToDictionary(one => (string)one.Key, one => (Dictionary<object, object>)one.Value);

    public IReadOnlyList<string> Volumes => [.. ((Dictionary<object, object>)_root["volumes"]).Keys.Cast<string>()];

    /// <summary>The path of a file of the folder <c>docker</c>.</summary>
    public static string PathOf(string file) => Path.Combine(TopologyFilesTests.PathOf(""), "..", "docker", file);

    public static ComposeFile Read()
    {
        using var text = new StreamReader(PathOf("compose.yaml"));
        var parser = new MergingParser(new Parser(text));
        return new ComposeFile(new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(parser));
    }

    public static string[] Texts(Dictionary<object, object> service, string key) =>
        service.TryGetValue(key, out var found) && found is List<object> list ? [.. list.Select(one => one as string ?? "")] : [];
}
