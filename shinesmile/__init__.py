"""ShineSmile: the live front desk of a clinic with several branches."""
