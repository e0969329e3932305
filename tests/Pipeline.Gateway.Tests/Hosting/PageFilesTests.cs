using System.Net;
using Pipeline.Gateway.Hosting;

namespace Pipeline.Gateway.Tests.Hosting;

public sealed class PageFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pipeline-page-");

    public PageFilesTests()
    {
        var page = _folder.CreateSubdirectory("artifacts/web");
        page.CreateSubdirectory("assets");
        File.WriteAllText(Path.Combine(page.FullName, "index.html"), "<!doctype html><title>x</title>");
        File.WriteAllText(Path.Combine(page.FullName, "assets", "main-abc.js"), "export {}");
        File.WriteAllText(Path.Combine(_folder.FullName, "secret.txt"), "sesame");
    }

    private string Page => Path.Combine(_folder.FullName, "artifacts", "web");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Find_LooksWhereItIsNamedBesideAndAbove()
    {
        var program = _folder.CreateSubdirectory("artifacts/bin").FullName;
        Assert.Equal(Page, PageFiles.Find(null, program));
        Assert.Equal(Page, PageFiles.Find("/nowhere", program));
        Assert.Equal(Page, PageFiles.Find(Page, Path.GetTempPath()));
        Assert.Null(PageFiles.Find(null, Path.Combine(Path.GetTempPath(), "nowhere")));
    }

    [Fact]
    public async Task Page_IsServedStrictly_AndNothingBesideIt()
    {
        await using var gateway = await RunningGateway.StartAsync(change: setup => setup with { PageFolder = Page });
        using var index = await gateway.Client.GetAsync("/");
        using var script = await gateway.Client.GetAsync("/assets/main-abc.js");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (index.StatusCode, index.Content.Headers.ContentType!.MediaType));
        Assert.Equal("no-cache", index.Headers.CacheControl!.ToString());
        Assert.DoesNotContain("unsafe", index.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (script.StatusCode, script.Content.Headers.ContentType!.MediaType));
        Assert.Contains("immutable", script.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        foreach (var path in new[] { "/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2f..%2fsecret.txt", "/assets/" })
        {
            using var answer = await gateway.Client.GetAsync(new Uri(gateway.Address, path));
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Page_NotBuilt_SaysWhatThereIs()
    {
        await using var gateway = await RunningGateway.StartAsync();

        Assert.Equal("/ws", (string)(await gateway.GetAsync("/"))["webSocket"]!);
    }
}
