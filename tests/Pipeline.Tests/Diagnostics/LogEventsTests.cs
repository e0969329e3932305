using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Pipeline.Host.Commands;
using Pipeline.TestKit;

namespace Pipeline.Tests.Diagnostics;

/// <summary>The table of log events against the declarations in the code.</summary>
public sealed partial class LogEventsTests
{
    private static readonly string File = Path.Combine(Fixture.RepositoryRoot, "src", "LOG-EVENTS.md");

    [Fact]
    public void Ids_AreOfOneEventEach()
    {
        var twice = Declared().GroupBy(one => one.Id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(one => one.Name))}");

        Assert.Empty(twice);
        Assert.All(Declared(), one => Assert.NotEmpty(one.Name));
        Assert.Equal(Declared().Count, Declared().Select(one => one.Name).Distinct().Count());
    }

    [Fact]
    public void Table_HasEveryEvent_WithItsLevelItsTextAndWhatToDo()
    {
        var lines = System.IO.File.ReadAllLines(File);
        var advice = lines.Select(line => Row().Match(line)).Where(match => match.Success)
            .ToDictionary(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), match => match.Groups[2].Value);
        var rows = Declared().OrderBy(one => one.Id)
            .Select(one => $"| {one.Id} | {one.Level} | {one.Name} | {one.Text.Replace("|", "\\|", StringComparison.Ordinal)} | {advice.GetValueOrDefault(one.Id, "")} |").ToList();
        if (Environment.GetEnvironmentVariable("UPDATE_LOG_EVENTS") == "1")
        {
            System.IO.File.WriteAllLines(File, [.. lines.TakeWhile(line => !Row().IsMatch(line)), .. rows]);
        }

        Assert.Equal(rows, System.IO.File.ReadAllLines(File).Where(line => Row().IsMatch(line)));
        Assert.All(rows, row => Assert.DoesNotMatch(@"\|\s*\|$", row));
    }

    private static List<(int Id, string Level, string Name, string Text)> Declared()
    {
        var assemblies = Closure(typeof(GatewayCommand).Assembly);
        Assert.True(assemblies.Count >= 5, string.Join(' ', assemblies.Select(one => one.GetName().Name)));
        return
        [
            .. from assembly in assemblies
               from type in assembly.GetTypes()
               from method in type.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
               let message = method.GetCustomAttribute<LoggerMessageAttribute>()
               where message is not null
               select (message.EventId, message.Level == LogLevel.None ? "varies" : message.Level.ToString(), message.EventName ?? "", message.Message),
        ];
    }

    private static List<Assembly> Closure(Assembly root)
    {
        var found = new List<Assembly> { root };
        for (var i = 0; i < found.Count; i++)
        {
            foreach (var name in found[i].GetReferencedAssemblies().Where(one => one.Name!.StartsWith("Pipeline.", StringComparison.Ordinal)))
            {
                if (found.TrueForAll(known => known.GetName().Name != name.Name))
                {
                    found.Add(Assembly.Load(name));
                }
            }
        }

        return found;
    }

    [GeneratedRegex(@"^\| (\d+) \|.*\| ([^|]*) \|$")]
    private static partial Regex Row();
}
