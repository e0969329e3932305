using System.Text;
using Pipeline.Core.Topology;
using Pipeline.Host.Venues;

namespace Pipeline.Tests.Topology;

public sealed class TopologyFuzzTests
{
    private static readonly string[] Snippets =
    [
        ": ", "- ", "\n", "\t", "  ", "[", "]", "{", "}", "&a ", "*a", "!!int ", "'", "\"", "|\n", ">-\n", "#", "---\n", "...\n", "? ",
        "%YAML 9\n",
        "${", "}", "$${", "~", "null", "-1", "1e999", ".nan", "0x1F", "99999999999999999999", "1m", "\0", "\u2028", "é", "<<: *a", ",",
        "@", "`",
    ];

    [Theory]
    [InlineData("local.yaml", 1)]
    [InlineData("recorded.yaml", 2)]
    [InlineData("live.yaml", 3)]
    public void Read_MutatedFile_NeverThrowsAndSaysWhere(string file, int seed)
    {
        var text = File.ReadAllText(TopologyFilesTests.PathOf(file));
        var random = new Random(seed);
        var reader = new TopologyReader(KnownVenues.All, _ => null);
        for (var i = 0; i < 3000; i++)
        {
            var mutated = Mutate(text, random);
            var result = reader.ReadText(mutated, file);

            Assert.True(result.File is null == result.Errors.Count > 0, mutated);
            Assert.All(result.Errors, error => Assert.True(error.Line >= 1 && error.Message.Length > 0, $"{error}\n{mutated}"));
        }
    }

    private static string Mutate(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var left = random.Next(1, 6); left > 0; left--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(4))
            {
                case 0:
                    result.Insert(at, Snippets[random.Next(Snippets.Length)]);
                    break;
                case 1:
                    result.Remove(at, Math.Min(random.Next(1, 20), result.Length - at - 1));
                    break;
                case 2:
                    result[at] = (char)random.Next(0, 0x180);
                    break;
                default:
                    result.Insert(random.Next(result.Length), result.ToString(at, Math.Min(random.Next(1, 60), result.Length - at)));
                    break;
            }
        }

        return result.ToString();
    }
}
