using Pipeline.Host.Cli;

namespace Pipeline.Tests.Host.Cli;

public sealed class TopologyFinderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_FileInAFolderAbove_IsNamedFromHere()
    {
        _folder.Write("topology/unheard-of.yaml", "");
        var here = Directory.CreateDirectory(_folder["src/deep"]).FullName;

        Assert.Equal("../../topology/unheard-of.yaml", TopologyFinder.Find("topology/unheard-of.yaml", here));
    }

    [Fact]
    public void Find_FileNowhere_IsTheNameItself() =>
        Assert.Equal("topology/unheard-of.yaml", TopologyFinder.Find("topology/unheard-of.yaml", _folder.Path));

    [Fact]
    public void Find_DefaultFromAnywhere_IsFoundBesideTheProgram() =>
        Assert.EndsWith("topology/local.yaml", TopologyFinder.Find(TopologyFinder.Default, _folder.Path), StringComparison.Ordinal);

    [Fact]
    public void FindRunFolder_BelowATopologyFolder_IsShared()
    {
        _folder.Write("topology/local.yaml", "");
        var here = Directory.CreateDirectory(_folder["src/deep"]).FullName;

        Assert.Equal(_folder["artifacts/run"], TopologyFinder.FindRunFolder(here));
    }
}
