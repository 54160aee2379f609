#include <bot/demo/talk.hpp>

#include <tutti/config_file.hpp>
#include <tutti/json_text.hpp>

#include <fmt/format.h>
#include <simdjson.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

namespace tutti::demo {

namespace {

using namespace std::chrono_literals;

constexpr int people = 1'000;
/// What each of them says.
constexpr std::array<const char*, 3> lines{"Good morning", "How is the weather?", "Thank you"};
/// By then everything must have been answered, however slow the machine is.
constexpr auto patience = 120s;

/// Of this run: the pod may have seen another.
std::string prefix() {
  return fmt::format("person-{}-", ::getpid());
}

std::string name_of(int person) {
  return prefix() + std::to_string(person);
}

std::string answer_to(std::string_view line) {
  return fmt::format("You said: {}", line);
}

/// The answering bot.
class answering_process {
public:
  answering_process(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
    start();
  }
  ~answering_process() { end(SIGTERM); }
  answering_process(const answering_process&) = delete;
  answering_process& operator=(const answering_process&) = delete;

  void kill_and_start() {
    end(SIGKILL);
    start();
  }

  /// Throws when it has ended by itself.
  void must_run() {
    if (::waitpid(id_, nullptr, WNOHANG) == id_) {
      id_ = 0;
      throw std::runtime_error{"the answering bot has ended; what it said is above"};
    }
  }

private:
  void start() {
    std::vector<char*> words;
    words.reserve(arguments_.size() + 1);
    for (auto& each : arguments_)
      words.push_back(each.data());
    words.push_back(nullptr);
    id_ = ::fork();
    if (id_ < 0)
      throw std::runtime_error{"the answering bot's process cannot be started"};
    if (id_ == 0) {
      ::execv("/proc/self/exe", words.data());
      ::_exit(127);
    }
  }

  void end(int how) {
    if (id_ == 0)
      return;
    ::kill(id_, how);
    ::waitpid(id_, nullptr, 0);
    id_ = 0;
  }

  std::vector<std::string> arguments_;
  pid_t id_ = 0;
};

class conversation_of_many {
public:
  conversation_of_many(desk_pod& pod, answering_process& bot) : pod_(pod), bot_(bot) {}

  /// Until all have heard their last answer.
  void run() {
    while (!reads_its_feed()) {
      std::this_thread::sleep_for(20ms);
      bot_.must_run();
    }
    std::vector<int> all(people);
    for (int i = 0; i < people; ++i)
      all[static_cast<std::size_t>(i)] = i;
    say(all, 0);
    const auto until = std::chrono::steady_clock::now() + patience;
    while (done_ < people && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(100ms);
      bot_.must_run();
      listen();
      disturb();
    }
  }

  /// People whose stream is not: line, answer, line, answer.
  int wrong() const { return people - done_; }
  std::size_t said() const { return said_; }
  std::size_t answers() const { return answers_; }
  std::size_t doubled() const { return doubled_; }

private:
  bool reads_its_feed() {
    const auto answer = pod_.get("/emulator/requests");
    return answer.body.find("POST /agent/v5/datafeeds/{datafeedId}/read") != std::string::npos ||
           answer.body.find("POST /agent/v5/datafeeds\"") != std::string::npos;
  }

  void say(const std::vector<int>& who, std::size_t line) {
    std::string body;
    for (auto each : who)
      body += fmt::format(R"({}{{"from":"{}","to":["demo-bot"],"text":{}}})",
                          body.empty() ? "" : ",", name_of(each), json_text(lines.at(line)));
    if (!who.empty())
      pod_.post("/emulator/messages", "[" + body + "]");
  }

  /// Who has an answer says the next line.
  void listen() {
    const auto answer = pod_.get("/emulator/messages");
    simdjson::dom::parser parser;
    std::array<std::vector<int>, lines.size()> next;
    done_ = 0;
    said_ = answers_ = doubled_ = 0;
    for (auto stream : simdjson::dom::object{parser.parse(answer.body)})
      look_at(simdjson::dom::array{stream.value}, next);
    for (std::size_t line = 1; line < lines.size(); ++line)
      say(next.at(line), line);
  }

  void look_at(simdjson::dom::array rows, std::array<std::vector<int>, lines.size()>& next) {
    int who = -1;
    std::size_t heard = 0;
    std::size_t spoken = 0;
    bool in_order = true;
    std::set<std::string_view> answers;
    for (auto row : rows) {
      const std::string_view from{row["from"]};
      const std::string_view text{row["text"]};
      if (from.starts_with(prefix_)) {
        who = std::stoi(std::string{from.substr(prefix_.size())});
        in_order = in_order && heard == spoken;
        ++spoken;
        continue;
      }
      in_order = in_order && heard < lines.size() && text == answer_to(lines.at(heard));
      doubled_ += answers.insert(text).second ? 0 : 1;
      ++heard;
    }
    if (who < 0)
      return;
    said_ += spoken;
    answers_ += heard;
    if (heard == spoken && spoken < lines.size())
      next.at(spoken).push_back(who);
    done_ += in_order && heard == lines.size() ? 1 : 0;
  }

  /// When a sixth, a third and a half of all answers are there.
  void disturb() {
    constexpr auto read = R"({"path": "/agent/v5/datafeeds/{datafeedId}/read", "count": 1, )";
    const auto whole = people * lines.size();
    if (disturbed_ == 0 && answers_ >= whole / 6) {
      pod_.post("/emulator/faults", fmt::format("[{}{}]", read, R"("reset": "before"})"));
      ++disturbed_;
    } else if (disturbed_ == 1 && answers_ >= whole / 3) {
      std::this_thread::sleep_for(60ms); // While it answers.
      bot_.kill_and_start();
      ++disturbed_;
    } else if (disturbed_ == 2 && answers_ >= whole / 2) {
      pod_.post("/emulator/faults", fmt::format("[{}{}]", read, R"("vanish": true})"));
      ++disturbed_;
    }
  }

  desk_pod& pod_;
  answering_process& bot_;
  const std::string prefix_ = prefix();
  int disturbed_ = 0;
  int done_ = 0;
  std::size_t said_ = 0;
  std::size_t answers_ = 0;
  std::size_t doubled_ = 0;
};

void make_people(desk_pod& pod) {
  std::string names;
  for (int i = 0; i < people; ++i)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ",", name_of(i));
  pod.post("/emulator/users", fmt::format(R"({{"pod": 130, "usernames": [{}]}})", names));
}

/// What the answering bots have written, a line for each call: `new` or `repeated`.
struct calls {
  std::size_t all = 0;
  std::size_t repeated = 0;
};

calls calls_in(const std::string& path) {
  calls seen;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    ++seen.all;
    seen.repeated += line == "repeated" ? 1 : 0;
  }
  return seen;
}

} // namespace

bool talk(desk_pod& pod, const std::string& config_path) {
  const auto folder =
      std::filesystem::temp_directory_path() / fmt::format("tutti-demo-{}", ::getpid());
  std::filesystem::create_directory(folder);
  const auto calls_path = (folder / "calls").string();
  fmt::print("\n{} people talk with the bot at once; its feed is cut twice, and it is killed "
             "(SIGKILL) and started again\n\n",
             people);
  std::cout.flush();
  make_people(pod);
  bool good = false;
  {
    answering_process bot{
        {"tutti-demo", "--answer", config_path, (folder / "journal.db").string(), calls_path}};
    conversation_of_many all{pod, bot};
    const auto began = std::chrono::steady_clock::now();
    all.run();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const auto seen = calls_in(calls_path);
    const auto lost = all.said() - std::min(all.said(), all.answers() - all.doubled());
    good = all.wrong() == 0 && lost == 0 && all.doubled() == 0;
    fmt::print("  {:<28} {:>6}\n", "said by people", all.said());
    fmt::print("  {:<28} {:>6}   {} of them repeated after the kill\n", "calls of the handler",
               seen.all, seen.repeated);
    fmt::print("  {:<28} {:>6}   once each, in order ({:.1f} s)\n", "answers", all.answers(),
               took.count());
    fmt::print("  {:<28} {:>6}\n  {:<28} {:>6}{}\n", "lost", lost, "said twice", all.doubled(),
               good ? "" : "   <-- promised: an answer to each line, once, in order");
  }
  std::filesystem::remove_all(folder);
  pod.post("/emulator/faults", "[]");
  return good;
}

int answer_people(const std::string& config_path, const std::string& journal,
                  const std::string& calls) {
  auto settings = config_file::load(config_path);
  if (!settings) {
    std::cerr << "tutti-demo: " << settings.error().detail << "\n";
    return 78;
  }
  settings->plugins.clear();
  settings->journal.path = journal;
  settings->log.level = log_level::off; // What goes wrong is planned.
  const auto log = ::open(calls.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  bot answering{std::move(*settings)};
  answering.on_message([log](chat& chat) -> task<> {
    const std::string line = chat.event().marks.repeated ? "repeated\n" : "new\n";
    if (::write(log, line.data(), line.size()) < 0)
      throw std::runtime_error{"the calls cannot be counted"};
    co_await chat.say(answer_to(chat.text()));
  });
  return answering.run();
}

} // namespace tutti::demo
