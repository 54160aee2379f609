// Compares what the file system says of the files; only a change costs more.
#include <transport/tls/trust_keeper.hpp>

#include <base/crypto/exit_guard.hpp>
#include <base/threads/off_thread.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <filesystem>
#include <sys/stat.h>
#include <vector>

namespace tutti::transport {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds between_looks{10};

/// Changes whenever one of the files does.
std::string state_of(const tls_config& settings) {
  std::vector<std::string> files{settings.trust_store_path, settings.crl};
  std::error_code error;
  if (!settings.crl.empty() && fs::is_directory(settings.crl, error))
    for (auto each = fs::directory_iterator{settings.crl, error};
         !error && each != fs::directory_iterator{}; each.increment(error))
      files.push_back(each->path().string());
  std::sort(files.begin(), files.end());
  std::string all;
  for (const auto& each : files) {
    struct stat seen {};
    if (each.empty() || ::stat(each.c_str(), &seen) != 0)
      continue;
    for (auto number : {static_cast<long>(seen.st_ino), static_cast<long>(seen.st_size),
                        seen.st_mtim.tv_sec, seen.st_mtim.tv_nsec})
      all.append(std::to_string(number)).append(" ");
    all.append(each).append("\n");
  }
  return all;
}

} // namespace

trust_keeper::trust_keeper(boost::asio::io_context& io, tls_context first, trust_source from)
    : door_(std::make_shared<job_door>([&io](auto job) { boost::asio::post(io, std::move(job)); })),
      current_(std::move(first)), from_(std::move(from)), files_(state_of(from_.settings)),
      next_look_(std::chrono::steady_clock::now() + between_looks) {}

const tls_context& trust_keeper::current() {
  const auto now = std::chrono::steady_clock::now();
  if (files_.empty() || looking_ || now < next_look_)
    return current_;
  next_look_ = now + between_looks;
  looking_ = true;
  run_off_thread([this, door = door_, settings = from_.settings, before = files_] {
    auto files = state_of(settings);
    const crypto::exit_guard until_it_is_told;
    auto made = files == before ? result<tls_context>{tls_context{}} : make_tls(settings);
    // `this` is used on the loop only, where the door keeps it from being used too late.
    door->post([this, files = std::move(files), made = std::move(made)] { looked(files, made); });
  });
  return current_;
}

void trust_keeper::looked(const std::string& files, const result<tls_context>& made) {
  looking_ = false;
  if (files == files_)
    return;
  files_ = files.empty() ? files_ : files;
  if (!made)
    return from_.log.error("trust_not_reloaded", {{"why", made.error().detail}});
  current_ = *made;
  from_.log.info("trust_reloaded",
                 {{"trustStore", from_.settings.trust_store_path}, {"crl", from_.settings.crl}});
}

} // namespace tutti::transport
