using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Pipeline.Gateway.Http.OpenApi;

namespace Pipeline.Gateway.Hosting;

/// <summary>The built page at <c>/</c>; where it was not built, a line that says what there is.</summary>
internal static class PageFiles
{
    /// <summary>Environment variable that names the folder of the built page.</summary>
    public const string Variable = "PIPELINE_WEB";

    // Names of built files bear a hash of what is in them.
    private const string ForEver = "public, max-age=31536000, immutable";

    /// <summary>The folder that the variable names, or <c>web</c> beside the program, or <c>artifacts/web</c> above it; null when there is none.</summary>
    public static string? Find(string? named, string programFolder)
    {
        var candidates = new List<string>();
        if (!string.IsNullOrEmpty(named))
        {
            candidates.Add(Path.GetFullPath(named));
        }

        candidates.Add(Path.Combine(programFolder, "web"));
        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
        {
            candidates.Add(Path.Combine(folder.FullName, "artifacts", "web"));
        }

        return candidates.Find(folder => File.Exists(Path.Combine(folder, "index.html")));
    }

    public static void Use(IApplicationBuilder application, string folder)
    {
        var files = new PhysicalFileProvider(folder);
        application.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        application.UseStaticFiles(new StaticFileOptions { FileProvider = files, OnPrepareResponse = SetAge });
    }

    public static void MapWithoutPage(IEndpointRouteBuilder routes) =>
        routes.MapGet("/", () => Results.Json(new
        {
            Name = "Pipeline gateway",
            WebSocket = "/ws",
            Api = "/openapi.json",
            Try = OpenApiSetup.Page,
            Page = "not built: make build",
        })).ExcludeFromDescription();

    private static void SetAge(StaticFileResponseContext answer) => answer.Context.Response.Headers.CacheControl =
        answer.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? ForEver : "no-cache";
}
