using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Pipeline.Tests.Simulator;

/// <summary>Reads REST answers.</summary>
internal static class RestAnswers
{
    public static async Task<JsonElement> JsonAsync(this HttpClient rest, string path)
    {
        using var answer = await rest.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Status and the code in the body.</summary>
    public static async Task<(int Status, int Code)> ErrorAsync(this HttpClient rest, string path)
    {
        using var answer = await rest.GetAsync(path);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return ((int)answer.StatusCode, body.RootElement.GetProperty("code").GetInt32());
    }

    public static async Task<int> StatusAsync(this HttpClient rest, string path)
    {
        using var answer = await rest.GetAsync(path);
        return (int)answer.StatusCode;
    }

    public static decimal Decimal(this JsonElement element, string name) => element.GetProperty(name).Decimal();

    public static decimal Decimal(this JsonElement element) => decimal.Parse(element.GetString()!, CultureInfo.InvariantCulture);

    public static long Long(this JsonElement element, string name) => element.GetProperty(name).GetInt64();

    public static List<JsonElement> Items(this JsonElement element) => [.. element.EnumerateArray()];

    public static IEnumerable<string> Names(this JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
